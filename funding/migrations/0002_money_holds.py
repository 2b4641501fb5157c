"""Sums over several rows that no CHECK constraint can see: the budget of a call, the award, the payment of a tranche.

Each function locks the parent row first, so that two transactions at once see each other's amounts. What is refused
looks like a violated CHECK constraint of the name given.
"""

from django.db import migrations

COMMITTED = "('DECIDED', 'PUBLICISED', 'OBJECTED', 'APPROVED')"

FUNCTIONS = f"""
CREATE FUNCTION funding_call_budget_holds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE budget numeric;
DECLARE committed numeric;
BEGIN
    SELECT funding_call.budget INTO budget FROM funding_call WHERE id = NEW.call_id FOR NO KEY UPDATE;
    SELECT sum(decided_amount) INTO committed FROM funding_application
        WHERE call_id = NEW.call_id AND status IN {COMMITTED};
    IF committed > budget THEN
        RAISE EXCEPTION 'more than the budget of the call is decided'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'call_budget_holds';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION funding_award_holds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE granted numeric;
DECLARE planned numeric;
BEGIN
    SELECT amount INTO granted FROM funding_award WHERE id = NEW.award_id FOR NO KEY UPDATE;
    SELECT sum(amount) INTO planned FROM funding_tranche WHERE award_id = NEW.award_id AND status <> 'CANCELLED';
    IF planned > granted THEN
        RAISE EXCEPTION 'the tranches exceed the award'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'award_holds';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION funding_payment_holds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE due funding_tranche%ROWTYPE;
BEGIN
    SELECT * INTO due FROM funding_tranche WHERE id = NEW.tranche_id FOR NO KEY UPDATE;
    IF NEW.amount <> due.amount THEN
        RAISE EXCEPTION 'a payment is of exactly the amount of its tranche'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_of_the_amount_due';
    END IF;
    IF NEW.recorded_by_id = due.approved_by_id THEN
        RAISE EXCEPTION 'who approves a payment does not make it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'approver_does_not_pay';
    END IF;
    RETURN NULL;
END $$;
"""

TRIGGERS = f"""
CREATE TRIGGER call_budget_holds_new AFTER INSERT ON funding_application
    FOR EACH ROW WHEN (NEW.status IN {COMMITTED}) EXECUTE FUNCTION funding_call_budget_holds();
CREATE TRIGGER call_budget_holds AFTER UPDATE ON funding_application
    FOR EACH ROW WHEN (NEW.status IN {COMMITTED} AND (
        OLD.status NOT IN {COMMITTED} OR (OLD.decided_amount, OLD.call_id) IS DISTINCT FROM
        (NEW.decided_amount, NEW.call_id)))
    EXECUTE FUNCTION funding_call_budget_holds();
CREATE TRIGGER award_holds_new AFTER INSERT ON funding_tranche
    FOR EACH ROW WHEN (NEW.status <> 'CANCELLED') EXECUTE FUNCTION funding_award_holds();
CREATE TRIGGER award_holds AFTER UPDATE ON funding_tranche
    FOR EACH ROW WHEN (NEW.status <> 'CANCELLED' AND (
        OLD.status = 'CANCELLED' OR (OLD.amount, OLD.award_id) IS DISTINCT FROM (NEW.amount, NEW.award_id)))
    EXECUTE FUNCTION funding_award_holds();
CREATE TRIGGER payment_holds AFTER INSERT OR UPDATE ON funding_payment
    FOR EACH ROW EXECUTE FUNCTION funding_payment_holds();
"""

UNDO = """
DROP TRIGGER payment_holds ON funding_payment;
DROP TRIGGER award_holds ON funding_tranche;
DROP TRIGGER award_holds_new ON funding_tranche;
DROP TRIGGER call_budget_holds ON funding_application;
DROP TRIGGER call_budget_holds_new ON funding_application;
DROP FUNCTION funding_payment_holds();
DROP FUNCTION funding_award_holds();
DROP FUNCTION funding_call_budget_holds();
"""


class Migration(migrations.Migration):
    dependencies = [("funding", "0001_initial")]
    operations = [migrations.RunSQL(FUNCTIONS + TRIGGERS, UNDO)]
