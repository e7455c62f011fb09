-- Loans are looked up by the number on their contract, whoever the lender.
CREATE INDEX loan_accounts_by_number ON loan_accounts (contract_no);
