"""What is looked at in a verification, one function a check."""
