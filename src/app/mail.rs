//! Sends the mail that waits. Durable: a row stays until the server has taken the mail or refused it for good.

use crate::app::App;
use crate::app::error::Error;
use crate::platform::mail::MailError;
use crate::store;
use chrono::Duration;

/// Most mails of one round.
const ROUND: i64 = 50;
/// After so many tries in vain a person is taken off the queue; the notice itself stays.
const ATTEMPTS: i32 = 12;

impl App {
    /// Sends mail to everyone whose notices wait for one; gives how many went out. Blocks on the mail server: for the
    /// ticker, never for a request. Two instances share the work: each row is claimed first.
    pub fn send_waiting_mail(&self) -> Result<usize, Error> {
        if !self.mail.is_on() {
            return Ok(0);
        }
        let due = self
            .store
            .read(|connection| Ok::<_, Error>(store::mail_outbox::list_due(connection, self.now(), ROUND)?))?;
        let mut sent = 0;
        for mail in due {
            let now = self.now();
            // 2, 4, 8 ... minutes, then every six hours; also the time after which another instance may take over.
            let wait = Duration::minutes(1_i64 << mail.attempts.clamp(0, 8)).min(Duration::hours(6)) * 2;
            let claimed = self.store.write(|connection| {
                if !store::mail_outbox::claim(connection, &mail, now.plus(wait))? {
                    return Ok::<_, Error>(None);
                }
                let address = store::mail_outbox::address(connection, mail.employee_id)?;
                let count = store::notice::count_unseen(connection, mail.employee_id)?;
                Ok(Some((address, u32::try_from(count).unwrap_or(u32::MAX))))
            })?;
            let outcome = match claimed {
                None => continue,
                Some((Some(address), count)) if count > 0 => self.mail.send_notice(&address, count),
                // Seen meanwhile, or no address: nothing to send.
                Some(_) => Err(MailError::Permanent),
            };
            match outcome {
                Err(MailError::Temporary) if mail.attempts < ATTEMPTS => {
                    tracing::warn!(attempts = mail.attempts, "the mail server could not take a mail");
                    // It is away: the others would only wait for it one by one.
                    break;
                }
                outcome => {
                    sent += usize::from(outcome.is_ok());
                    self.store
                        .write(|connection| Ok::<_, Error>(store::mail_outbox::finish(connection, &mail, now)?))?;
                }
            }
        }
        Ok(sent)
    }
}
