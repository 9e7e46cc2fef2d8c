"""What runs a job: processes of this machine, or a cluster. Each of them calls the same part function."""
