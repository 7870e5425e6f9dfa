/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a vCPU starts: long mode, all memory mapped to itself. The VMM has set the stack, and
 * %rdi to the vCPU's mailbox.
 */
	.section .text.entry, "ax"
	.globl	entry
entry:
	cld
	call	run
	hlt

/* void vm_exit(unsigned int port): the VMM acts on the vCPU's mailbox. */
	.text
	.globl	vm_exit
vm_exit:
	movl	%edi, %edx
	outl	%eax, %dx
	ret

	.section .note.GNU-stack, "", @progbits
