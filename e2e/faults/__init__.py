"""What goes wrong, and that nothing is approved by it: see test_fault_table.py."""
