//! The letter of a granted leave: it takes a number, takes the days off the balance and frees them, all at once; a
//! cancellation or recall gives back what was not taken.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::leave::Applicant;
use crate::app::leave::Hats;
use crate::app::leave::SeenRequest;
use crate::app::leave::Sight;
use crate::app::leave::balance::balance_for;
use crate::app::leave::balance::end_of;
use crate::app::leave::in_turn;
use crate::app::leave::invalid;
use crate::app::leave::is_authority;
use crate::app::leave::name_of;
use crate::app::leave::official;
use crate::app::leave::read;
use crate::app::leave::request::open_leave_request;
use crate::app::leave::request::out_of_order;
use crate::app::leave::save;
use crate::app::leave::sight_of;
use crate::app::leave::work_dates;
use crate::app::leave::written;
use crate::app::letter::NewLetter;
use crate::app::letter::SignedLetter;
use crate::domain::access::Role;
use crate::domain::access::Scope;
use crate::domain::employee_number::EmployeeNumber;
use crate::domain::ids::LeaveRequestId;
use crate::domain::leave::facts::LeaveFacts;
use crate::domain::leave::facts::LetterHolder;
use crate::domain::leave::facts::LetterStep;
use crate::domain::leave::kind::Counting;
use crate::domain::leave::kind::LeaveKindRule;
use crate::domain::leave::ledger;
use crate::domain::leave::ledger::Entry;
use crate::domain::leave::ledger::EntryKind;
use crate::domain::leave::ledger::Split;
use crate::domain::leave::opinion::Opinion;
use crate::domain::leave::request::Period;
use crate::domain::leave::request::RequestFault;
use crate::domain::leave::request::counted_days;
use crate::domain::leave::state::LeaveState;
use crate::domain::leave::state::LeaveStep;
use crate::domain::letter::BKD;
use crate::domain::letter::LetterKind;
use crate::domain::notice::NoticeContent;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::leave_request::LeaveRequestRow;
use crate::store::letter::LetterRow;
use chrono::{Datelike, Days, NaiveDate};

/// How many days afterwards a recall may still be written down.
const RECALLED_AT_MOST_DAYS_AGO: u64 = 31;

/// The days of a leave and what they cost.
struct Cost {
    dates: Vec<NaiveDate>,
    days: i32,
    left: Split,
    taken: Split,
    forfeited: i32,
}

impl App {
    /// The authority signs: the letter takes the next number of its register, the days come off the balance and are free.
    /// All of it happens or nothing does. Signing again gives the letter that is there.
    pub fn issue_leave_letter(
        &self,
        context: &Context,
        scope: &Scope,
        id: LeaveRequestId,
    ) -> Result<SignedLetter, Error> {
        self.store.write_in_turn(|connection| {
            let within = |_: &mut _, row: &LeaveRequestRow| Ok(is_authority(context, row));
            let was = open_leave_request(connection, context, scope, id, within)?;
            if let (LeaveState::LetterIssued, Some(letter)) = (was.state, was.letter_id) {
                let letter = store::letter::find(connection, scope, letter)?.ok_or(Error::NotFound)?;
                return SignedLetter::of(letter);
            }
            let state = was.state.after(LeaveStep::IssueLetter).map_err(out_of_order)?;
            let decision: Option<Opinion> = read(was.decision.as_ref())?;
            let decision = decision.filter(|_| was.is_granted);
            let decision = decision.ok_or(Error::Conflict(Code::WrongState))?;
            let applicant = self.applicant(connection, was.employee_id, context.now)?;
            let rule = applicant
                .rule(was.kind, was.first_day)
                .ok_or_else(|| invalid(vec![RequestFault::KindNotForEmployment]))?;
            let cost = self.cost(connection, context, scope, &applicant, &was, rule)?;
            self.pay(connection, context, scope, &applicant, &was, &cost)?;
            let letter =
                self.write_leave_letter(connection, context, scope, &applicant, &was, rule, &cost, &decision)?;
            self.free_days(connection, context, &was, &cost.dates, &letter.number)?;
            let row = LeaveRequestRow {
                state,
                days: cost.days,
                work_days: i32::try_from(cost.dates.len()).unwrap_or(i32::MAX),
                taken: written(&cost.taken)?,
                letter_id: Some(letter.id),
                ..was.clone()
            };
            save(connection, context, scope, &was, row, "issue_letter")?;
            SignedLetter::of(letter)
        })
    }

    /// Gives a granted leave up before it begins: by its applicant, or by the leave officer. Everything comes back.
    pub fn cancel_leave_request(
        &self,
        context: &Context,
        own: Option<&Scope>,
        hats: &Hats,
        id: LeaveRequestId,
        reason: &str,
    ) -> Result<SeenRequest, Error> {
        self.store.write_in_turn(|connection| {
            let (scope, was, sight) = cancellable(connection, context, own, hats, id)?;
            if was.state == LeaveState::Cancelled {
                return self.seen(connection, context.now, was, sight);
            }
            let state = was.state.after(LeaveStep::Cancel).map_err(out_of_order)?;
            let applicant = self.applicant(connection, was.employee_id, context.now)?;
            if !was.is_granted || applicant.today >= was.first_day {
                return Err(Error::Conflict(Code::WrongState));
            }
            let mut row = LeaveRequestRow {
                state,
                end_reason: Some(reason.to_owned()),
                ..was.clone()
            };
            if was.state == LeaveState::LetterIssued {
                row = self.undo_from(connection, context, scope, &applicant, row, was.first_day)?;
            }
            let row = save(connection, context, scope, &was, row, "cancel")?;
            if sight != Sight::Own {
                self.tell_of_end(connection, context, &row, was.period(), reason)?;
            }
            self.seen(connection, context.now, row, sight)
        })
    }

    /// Calls a person back to duty: the days from `from` on are work days again, and come back to the balance. It is told
    /// to the person, and may be written down up to 31 days afterwards.
    pub fn recall_leave(
        &self,
        context: &Context,
        scope: &Scope,
        id: LeaveRequestId,
        from: NaiveDate,
        reason: &str,
    ) -> Result<SeenRequest, Error> {
        self.store.write_in_turn(|connection| {
            let within = |_: &mut _, row: &LeaveRequestRow| Ok(is_authority(context, row));
            let was = open_leave_request(connection, context, scope, id, within)?;
            if was.state == LeaveState::Recalled && from.pred_opt() == Some(was.last_day) {
                return self.seen(connection, context.now, was, Sight::Whole);
            }
            let state = was.state.after(LeaveStep::Recall).map_err(out_of_order)?;
            let applicant = self.applicant(connection, was.employee_id, context.now)?;
            let is_within = from > was.first_day && from <= was.last_day;
            let earliest = applicant.today - Days::new(RECALLED_AT_MOST_DAYS_AGO);
            if !is_within || from < earliest {
                return Err(Error::field(
                    "from",
                    "out_of_limits",
                    "Tanggal masuk kembali berada setelah hari pertama cuti, paling lambat hari terakhirnya, dan paling jauh 31 hari yang lalu. Cuti yang belum mulai dapat dibatalkan.",
                    "The first day back lies after the first day of the leave, within it, and at most 31 days ago. Leave that has not begun can be cancelled.",
                ));
            }
            let row = LeaveRequestRow {
                state,
                end_reason: Some(reason.to_owned()),
                ..was.clone()
            };
            let mut row = self.undo_from(connection, context, scope, &applicant, row, from)?;
            row.last_day = from.pred_opt().unwrap_or(row.last_day);
            let counting = applicant.rule(was.kind, was.first_day).map(|rule| rule.counting);
            row.days = match counting {
                Some(Counting::WorkDays) => row.work_days,
                Some(Counting::CalendarDays) | None => row.period().calendar_days(),
            };
            let row = save(connection, context, scope, &was, row, "recall")?;
            let back = Period {
                first: from,
                last: was.last_day,
            };
            self.tell_of_end(connection, context, &row, back, reason)?;
            self.seen(connection, context.now, row, Sight::Whole)
        })
    }

    /// What the leave costs today: holidays may have moved since it was decided, and other leave may have been granted.
    fn cost(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        scope: &Scope,
        applicant: &Applicant,
        row: &LeaveRequestRow,
        rule: &LeaveKindRule,
    ) -> Result<Cost, Error> {
        let duties = self.duties(connection, &[row.employee_id], row.first_day, row.last_day)?;
        let (dates, _) = work_dates(&duties, row.employee_id, row.period());
        let days = counted_days(rule, row.period(), i32::try_from(dates.len()).unwrap_or(i32::MAX));
        self.bring_up(connection, scope, applicant, context.now)?;
        let left = balance_for(connection, scope, applicant, row.first_day)?;
        let taken = if rule.consumes_balance {
            ledger::take(left, days).map_err(|shortage| {
                invalid(vec![RequestFault::OverBalance {
                    available: shortage.available,
                    asked: shortage.asked,
                }])
            })?
        } else {
            Split::default()
        };
        Ok(Cost {
            dates,
            days,
            left,
            taken,
            forfeited: if rule.forfeits_balance { left.current.max(0) } else { 0 },
        })
    }

    /// Writes the cost into the ledger.
    fn pay(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        scope: &Scope,
        applicant: &Applicant,
        row: &LeaveRequestRow,
        cost: &Cost,
    ) -> Result<(), Error> {
        let year = row.first_day.year();
        let effective_on = row.first_day;
        let mut entries: Vec<Entry> = cost
            .taken
            .by_year(year)
            .map(|(year, days)| Entry {
                year,
                kind: EntryKind::Debit,
                days: -days,
                effective_on,
            })
            .collect();
        if cost.forfeited > 0 {
            entries.push(Entry {
                year,
                kind: EntryKind::Forfeit,
                days: -cost.forfeited,
                effective_on,
            });
        }
        self.add_entries(connection, context, scope, applicant, &entries, Some(row.id), None)?;
        // A letter that comes after the turn of the year must not take days which that year's successor has used.
        let known = self.bring_up(connection, scope, applicant, context.now)?;
        let left = ledger::balance(&known, end_of(applicant.today.year()));
        if left.before.min(left.previous).min(left.current) < 0 {
            return Err(invalid(vec![RequestFault::OverBalance {
                available: left.total().saturating_add(cost.days).max(0),
                asked: cost.days,
            }]));
        }
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "everything that the letter prints")]
    fn write_leave_letter(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        scope: &Scope,
        applicant: &Applicant,
        row: &LeaveRequestRow,
        rule: &LeaveKindRule,
        cost: &Cost,
        decision: &Opinion,
    ) -> Result<LetterRow, Error> {
        let authority = row.authority.ok_or(Error::Conflict(Code::WrongState))?;
        let signer = official(connection, context, authority)?;
        let consideration: Option<Opinion> = read(row.consideration.as_ref())?;
        let step = |opinion: &Opinion| LetterStep {
            outcome: opinion.outcome,
            name: opinion.by.name.clone(),
            number: opinion.by.number.clone(),
            position: opinion.by.position.clone(),
            at: opinion.at,
        };
        let unit = match applicant.member.unit_id {
            Some(id) => store::unit::find_name(connection, id)?,
            None => None,
        };
        let unit = unit.or_else(|| applicant.member.unit_name.clone());
        let new = NewLetter {
            kind: LetterKind::Leave,
            employee_id: row.employee_id,
            agency_code: applicant.agency.code.clone(),
            agency_name: applicant.agency.name.clone(),
            issuer: if authority == Role::AgencyHead {
                applicant.agency.code.clone()
            } else {
                BKD.to_owned()
            },
            letter_date: applicant.today,
            holder_name: applicant.person.name.clone(),
            signer,
        };
        let number = applicant.number.as_ref().map(EmployeeNumber::printed);
        self.write_letter(connection, context, scope, &new, |numbered| {
            serde_json::to_value(LeaveFacts {
                format: 1,
                agency: applicant.agency.name.clone(),
                letter_number: numbered.number.clone(),
                letter_date: applicant.today,
                place: numbered.place.clone(),
                verification_code: numbered.code.as_str().to_owned(),
                holder: LetterHolder {
                    name: name_of(&applicant.person),
                    number: number.clone().unwrap_or_default(),
                    grade: applicant.member.grade.clone(),
                    position: applicant.member.position.clone(),
                    unit: unit.clone(),
                },
                kind: row.kind,
                kind_name: rule.name.clone(),
                from: row.first_day,
                to: row.last_day,
                days: cost.days,
                is_in_work_days: rule.counting == Counting::WorkDays,
                address: row.address.clone(),
                phone: row.phone.clone(),
                balance: cost.left,
                taken: cost.taken,
                consideration: consideration.as_ref().map(step),
                decision: step(decision),
            })
            .map_err(Error::internal)
        })
    }

    /// Takes back everything from a date on: days, balance, letter. Gives the row with what is left of it.
    fn undo_from(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        scope: &Scope,
        applicant: &Applicant,
        row: LeaveRequestRow,
        from: NaiveDate,
    ) -> Result<LeaveRequestRow, Error> {
        let returned = self.unfree_days(connection, context, &row, from)?;
        let taken: Split = read(row.taken.as_ref())?.unwrap_or_default();
        let back = ledger::give_back(taken, returned);
        let year = row.first_day.year();
        // From the same day as the debit, so that the turn of the year sees both or none.
        let effective_on = from.max(row.first_day);
        let mut entries: Vec<Entry> = back
            .by_year(year)
            .map(|(year, days)| Entry {
                year,
                kind: EntryKind::Return,
                days,
                effective_on,
            })
            .collect();
        if from == row.first_day {
            let forfeited = store::leave_entry::list(connection, scope, row.employee_id)?
                .iter()
                .filter(|entry| entry.request_id == Some(row.id) && entry.kind == EntryKind::Forfeit)
                .map(|entry| entry.days)
                .sum::<i32>();
            if forfeited != 0 {
                entries.push(Entry {
                    year,
                    kind: EntryKind::Return,
                    days: -forfeited,
                    effective_on,
                });
            }
        }
        self.add_entries(connection, context, scope, applicant, &entries, Some(row.id), None)?;
        if let Some(letter) = row.letter_id {
            store::letter::revoke(connection, scope, row.employee_id, letter, context.now)?;
        }
        let left = Split {
            before: taken.before - back.before,
            previous: taken.previous - back.previous,
            current: taken.current - back.current,
        };
        Ok(LeaveRequestRow {
            work_days: row.work_days - returned,
            taken: written(&left)?,
            ..row
        })
    }

    fn tell_of_end(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        row: &LeaveRequestRow,
        back: Period,
        reason: &str,
    ) -> Result<(), Error> {
        let news = NoticeContent::LeaveEnded {
            from: back.first,
            to: back.last,
            reason: reason.to_owned(),
        };
        self.notify(connection, row.employee_id, news, context.now)?;
        Ok(())
    }
}

/// The request that may be cancelled by the caller, in turn, with the permission that counts.
fn cancellable<'a>(
    connection: &mut AnyConnection,
    context: &Context,
    own: Option<&'a Scope>,
    hats: &'a Hats,
    id: LeaveRequestId,
) -> Result<(&'a Scope, LeaveRequestRow, Sight), Error> {
    if let Some(own) = own
        && let Some(row) = store::leave_request::find_own(connection, own, id)?
    {
        if row.submitted_at.is_none() {
            return Err(Error::Conflict(Code::WrongState));
        }
        return Ok((own, in_turn(connection, own, &row)?, Sight::Own));
    }
    let scope = hats.officer.as_ref().ok_or(Error::NotFound)?;
    let within = |connection: &mut AnyConnection, row: &LeaveRequestRow| {
        let officer = Hats {
            officer: Some(scope.clone()),
            superior: None,
            authority: None,
        };
        Ok(sight_of(connection, context, &officer, row)? == Some(Sight::Whole))
    };
    let row = open_leave_request(connection, context, scope, id, within)?;
    Ok((scope, row, Sight::Whole))
}
