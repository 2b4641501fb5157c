"""What keeps the books true round the code.

An entry and its postings are added together and never change; at the end of a transaction the postings of an entry are as
many as it says and come to zero. The balance of an account moves with its postings and by nothing else.
"""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION funding_ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION funding_posting_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE funding_ledgeraccount SET balance = balance + NEW.amount WHERE id = NEW.account_id;
    RETURN NULL;
END $$;

CREATE FUNCTION funding_account_begins_empty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.balance := 0;
    RETURN NEW;
END $$;

CREATE FUNCTION funding_account_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR pg_trigger_depth() < 2
        OR (OLD.id, OLD.kind, OLD.line_id, OLD.award_id, OLD.organisation_id)
        IS DISTINCT FROM (NEW.id, NEW.kind, NEW.line_id, NEW.award_id, NEW.organisation_id) THEN
        RAISE EXCEPTION 'an account moves with its postings' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION funding_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE told bigint;
DECLARE meant integer;
DECLARE written integer;
DECLARE total numeric;
BEGIN
    IF TG_TABLE_NAME = 'funding_posting' THEN told := NEW.entry_id; ELSE told := NEW.id; END IF;
    SELECT legs INTO meant FROM funding_ledgerentry WHERE id = told;
    SELECT count(*), coalesce(sum(amount), 0) INTO written, total FROM funding_posting WHERE entry_id = told;
    IF written <> meant OR total <> 0 THEN
        RAISE EXCEPTION 'the postings of an entry come to zero'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_balances';
    END IF;
    RETURN NULL;
END $$;
"""

TRIGGERS = """
CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE ON funding_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION funding_ledger_refuse();
CREATE TRIGGER posting_append_only BEFORE UPDATE OR DELETE ON funding_posting
    FOR EACH ROW EXECUTE FUNCTION funding_ledger_refuse();
CREATE TRIGGER posting_counts AFTER INSERT ON funding_posting
    FOR EACH ROW EXECUTE FUNCTION funding_posting_counts();
CREATE TRIGGER ledger_account_begins_empty BEFORE INSERT ON funding_ledgeraccount
    FOR EACH ROW EXECUTE FUNCTION funding_account_begins_empty();
CREATE TRIGGER ledger_account_holds BEFORE UPDATE OR DELETE ON funding_ledgeraccount
    FOR EACH ROW EXECUTE FUNCTION funding_account_holds();
CREATE CONSTRAINT TRIGGER ledger_entry_balances AFTER INSERT ON funding_ledgerentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funding_entry_balances();
CREATE CONSTRAINT TRIGGER posting_balances AFTER INSERT ON funding_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funding_entry_balances();
"""

UNDO = """
DROP TRIGGER posting_balances ON funding_posting;
DROP TRIGGER ledger_entry_balances ON funding_ledgerentry;
DROP TRIGGER ledger_account_holds ON funding_ledgeraccount;
DROP TRIGGER ledger_account_begins_empty ON funding_ledgeraccount;
DROP TRIGGER posting_counts ON funding_posting;
DROP TRIGGER posting_append_only ON funding_posting;
DROP TRIGGER ledger_entry_append_only ON funding_ledgerentry;
DROP FUNCTION funding_entry_balances();
DROP FUNCTION funding_account_holds();
DROP FUNCTION funding_account_begins_empty();
DROP FUNCTION funding_posting_counts();
DROP FUNCTION funding_ledger_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("funding", "0057_ledger")]
    operations = [migrations.RunSQL(FUNCTIONS + TRIGGERS, UNDO)]
