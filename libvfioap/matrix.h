/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Matrices, and the texts in which the kernel shows and takes them.
 */
#ifndef VFIOAP_MATRIX_H
#define VFIOAP_MATRIX_H

#include "vfioap.h"

struct vfioap_matrix matrix_or(const struct vfioap_matrix *a, const struct vfioap_matrix *b);
struct vfioap_matrix matrix_and(const struct vfioap_matrix *a, const struct vfioap_matrix *b);
struct vfioap_matrix matrix_minus(const struct vfioap_matrix *a, const struct vfioap_matrix *b);
bool matrix_empty(const struct vfioap_matrix *matrix);
bool matrix_shares_queue(const struct vfioap_matrix *a, const struct vfioap_matrix *b);

/* All queues, in ascending order, in memory that the caller frees. 0 or -ENOMEM. */
int matrix_list_queues(const struct vfioap_matrix *matrix, uint16_t **queues, size_t *count);

/* ap_config: three masks, separated by commas, and a newline */
#define MATRIX_CONFIG_SIZE (3 * VFIOAP_MASK_TEXT_SIZE + 1)
void matrix_format_config(const struct vfioap_matrix *matrix, char text[MATRIX_CONFIG_SIZE]);

/* For people: "adapters 0x05, domains 0x0004, control domains -" */
#define MATRIX_WORDS_SIZE (3 * VFIOAP_IDS_TEXT_SIZE + 64)
void matrix_format_words(const struct vfioap_matrix *matrix, char text[MATRIX_WORDS_SIZE]);

/* Each: 0, or -EINVAL for what the kernel never shows. */
int matrix_parse_config(const char *text, struct vfioap_matrix *matrix);
/* matrix, guest_matrix: sets adapters and domains */
int matrix_parse_queues(const char *text, struct vfioap_matrix *matrix);
/* control_domains: sets control domains */
int matrix_parse_control_domains(const char *text, struct vfioap_matrix *matrix);

#endif
