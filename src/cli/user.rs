//! `sherlok user add`: makes an account at the machine itself.

use crate::app::role::NewAccount;
use crate::app::sign_in::Password;
use crate::cli::config::Config;
use crate::cli::serve;
use crate::domain::access::AgencyCode;
use crate::domain::access::Grant;
use crate::domain::access::Role;
use clap::{Args, Subcommand};
use std::error::Error;
use std::io::{BufRead, Write};

/// What to do with accounts.
#[derive(Debug, Args)]
pub struct UserArguments {
    #[command(subcommand)]
    command: UserCommand,
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// Adds an active account. The password is read from the first line of standard input.
    Add {
        /// 3 to 64 characters.
        username: String,
        /// How the person is greeted; the username without it.
        #[arg(long)]
        name: Option<String>,
        /// A role, or `role:agency`; may be repeated. Without one: administrator.
        #[arg(long = "role")]
        roles: Vec<String>,
    },
}

fn grant(text: &str) -> Result<Grant, Box<dyn Error>> {
    let (role, agency) = text
        .split_once(':')
        .map_or((text, None), |(role, agency)| (role, Some(agency)));
    let role = Role::from_code(role).ok_or_else(|| format!("unknown role: {role}"))?;
    let agency = agency.map(AgencyCode::parse).transpose()?;
    if role.is_bound_to_agency() != agency.is_some() {
        return Err(format!(
            "the role {} {} an agency",
            role.code(),
            if agency.is_some() { "takes no" } else { "needs" }
        )
        .into());
    }
    Ok(Grant { role, agency })
}

/// Carries out `sherlok user`.
pub fn run(config: &Config, arguments: &UserArguments) -> Result<(), Box<dyn Error>> {
    let UserCommand::Add { username, name, roles } = &arguments.command;
    let grants = if roles.is_empty() {
        vec![Grant {
            role: Role::Administrator,
            agency: None,
        }]
    } else {
        roles.iter().map(|role| grant(role)).collect::<Result<_, _>>()?
    };
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password)?;
    let new = NewAccount {
        username: username.trim().to_owned(),
        display_name: name.clone().unwrap_or_else(|| username.clone()),
        password: Password::new(password.trim_end_matches(['\r', '\n']).to_owned()),
        grants,
    };
    let id = serve::open(config)?.add_account(&new)?;
    writeln!(std::io::stdout(), "{id}")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_of_an_agency_must_name_it_and_others_must_not() {
        assert_eq!(grant("agency_operator:1.01").unwrap().agency.unwrap().as_str(), "1.01");
        assert!(grant("bkd_officer").unwrap().agency.is_none());
        for text in ["agency_operator", "bkd_officer:1.01", "king", "agency_head:a b"] {
            assert!(grant(text).is_err(), "{text}");
        }
    }
}
