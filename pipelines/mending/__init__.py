"""Names of estates, known errors of senders, personal data: what is put right before anything is stored."""
