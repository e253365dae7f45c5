//! The one table of routes. An operation that is not here does not exist, also not in the OpenAPI file.

use crate::app::error::Error;
use crate::http::absence;
use crate::http::account;
use crate::http::activation;
use crate::http::activity;
use crate::http::activity_review;
use crate::http::agency;
use crate::http::agency_day;
use crate::http::agency_day_events;
use crate::http::agency_roster;
use crate::http::attendance_rule;
use crate::http::audit;
use crate::http::audit_bundle;
use crate::http::audit_draw;
use crate::http::audit_extension;
use crate::http::audit_planner;
use crate::http::audit_reassignment;
use crate::http::audit_report;
use crate::http::audit_seed;
use crate::http::batch;
use crate::http::batch_file;
use crate::http::batch_overview;
use crate::http::batch_row;
use crate::http::browser_session;
use crate::http::calendar;
use crate::http::calendar_feed;
use crate::http::calendar_file;
use crate::http::case;
use crate::http::case_evidence;
use crate::http::case_file;
use crate::http::case_rule;
use crate::http::check_in;
use crate::http::circular;
use crate::http::circular_preview;
use crate::http::colleague;
use crate::http::correction;
use crate::http::correction_day;
use crate::http::day;
use crate::http::disclosure;
use crate::http::dispatch;
use crate::http::dispatch_list;
use crate::http::duty_travel;
use crate::http::duty_travel_step;
use crate::http::employee;
use crate::http::event;
use crate::http::evidence;
use crate::http::federated_verdict;
use crate::http::federation;
use crate::http::health;
use crate::http::home;
use crate::http::home_review;
use crate::http::leave_balance;
use crate::http::leave_kind;
use crate::http::leave_request;
use crate::http::leave_step;
use crate::http::letter;
use crate::http::letter_register;
use crate::http::log;
use crate::http::map;
use crate::http::method;
use crate::http::monthly_report;
use crate::http::notice;
use crate::http::objection;
use crate::http::outage;
use crate::http::own_case;
use crate::http::own_month;
use crate::http::own_row;
use crate::http::person_mark;
use crate::http::personnel;
use crate::http::privacy;
use crate::http::problem::Problem;
use crate::http::recap;
use crate::http::recap_file;
use crate::http::recap_setting;
use crate::http::region_outline;
use crate::http::role;
use crate::http::roster;
use crate::http::second_review;
use crate::http::sign_in;
use crate::http::signer_rule;
use crate::http::site;
use crate::http::unit;
use crate::http::verification_page;
use crate::http::witness;
use crate::http::work_schedule;
use actix_web::Route;
use actix_web::dev::HttpServiceFactory;
use actix_web::web::{self, PathConfig, ServiceConfig};
use utoipa_actix_web::OpenApiFactory;
use utoipa_actix_web::service_config::ServiceConfig as DescribedConfig;

/// Who takes operations: a server answers them, the OpenAPI file describes them too.
pub trait Operations {
    /// Takes one.
    fn service<F: HttpServiceFactory + OpenApiFactory + 'static>(&mut self, operation: F) -> &mut Self;

    /// Takes an address that the OpenAPI file does not tell of.
    fn route(&mut self, path: &str, route: Route) -> &mut Self;
}

/// Descriptions of all operations take tens of megabytes while they are put together: a worker has no use for them.
impl Operations for ServiceConfig {
    fn service<F: HttpServiceFactory + OpenApiFactory + 'static>(&mut self, operation: F) -> &mut Self {
        Self::service(self, operation)
    }

    fn route(&mut self, path: &str, route: Route) -> &mut Self {
        Self::route(self, path, route)
    }
}

impl Operations for DescribedConfig<'_> {
    fn service<F: HttpServiceFactory + OpenApiFactory + 'static>(&mut self, operation: F) -> &mut Self {
        Self::service(self, operation)
    }

    fn route(&mut self, path: &str, route: Route) -> &mut Self {
        Self::route(self, path, route)
    }
}

/// Registers every operation. Fixed paths stand before those with parameters that would swallow them.
#[expect(clippy::too_many_lines, reason = "one line a route: a table, not a procedure")]
pub fn configure<Config: Operations>(config: &mut Config) {
    config
        // check-ins and the day, which phones ask for most: the router tries one pattern after another
        .service(check_in::create)
        .service(check_in::create_batch)
        .service(day::read)
        .service(own_month::read)
        .service(check_in::list_own)
        // operations
        .service(health::live)
        .service(health::ready)
        // sign-in
        .service(sign_in::create)
        .service(sign_in::refresh)
        .service(sign_in::delete)
        .service(browser_session::create)
        .service(browser_session::read)
        .service(browser_session::delete)
        .service(browser_session::delete_all)
        .service(sign_in::me)
        .service(sign_in::change_password)
        .service(activation::activate)
        // staff
        .service(agency::create)
        .service(agency::list)
        .service(agency::read)
        .service(agency::update)
        .service(unit::import_units)
        .service(unit::list)
        .service(personnel::import_employees)
        .service(employee::create)
        .service(employee::list)
        .service(employee::read)
        .service(employee::transfer)
        .service(employee::retire)
        .service(employee::change_number)
        .service(activation::create_codes)
        .service(activation::reset)
        .service(site::create)
        .service(site::list)
        .service(site::update)
        // schedules
        .service(work_schedule::create)
        .service(work_schedule::list)
        .service(work_schedule::give)
        .service(work_schedule::list_people)
        .service(work_schedule::list_starts)
        // home
        .service(home::create_own)
        .service(home::list_own)
        .service(home_review::list)
        .service(home_review::read)
        .service(home_review::verify)
        // accounts
        .service(role::create_account)
        .service(role::grant)
        .service(role::revoke)
        .service(account::list)
        .service(account::set_state)
        .service(account::reset)
        // the agency's day
        .service(agency_day::people)
        .service(agency_day_events::follow)
        .service(agency_day::read)
        .service(event::list)
        // rules
        .service(circular::create)
        .service(circular::list)
        .service(circular_preview::read)
        .service(circular::read)
        .service(circular::update)
        .service(circular::submit)
        .service(circular::issue)
        .service(circular::revoke)
        .service(calendar::read)
        .service(calendar::update)
        .service(calendar_file::read)
        .service(calendar_file::import)
        .service(calendar_feed::create)
        .service(calendar_feed::read_own)
        .service(calendar_feed::remove)
        .service(calendar_feed::read)
        // batches
        .service(batch::create)
        .service(batch::list)
        .service(batch_overview::read)
        .route("/v1/batches/{id}.{ending}", web::get().to(batch_file::by_ending))
        .service(batch::read)
        .service(batch::submit)
        .service(batch::read_receipt)
        .service(batch::prove)
        .service(dispatch::keep)
        .service(dispatch::read)
        .service(own_row::read)
        .service(batch::decide)
        .service(batch::answer)
        .service(batch_row::list)
        .service(batch_file::archive)
        .service(batch_file::csv)
        .service(batch_file::xlsx)
        .service(batch_file::ndjson)
        .service(batch_file::geojson)
        .service(batch_overview::read_setting)
        .service(batch_overview::replace_setting)
        // federation
        .service(federation::list)
        .service(federation::read)
        .service(federation::register)
        .service(federated_verdict::list)
        .service(dispatch_list::read)
        .service(dispatch_list::list)
        .service(dispatch_list::list_received)
        .service(dispatch::receive)
        .service(dispatch::read_progress)
        .service(dispatch::write)
        // activities
        .service(activity::create)
        .service(activity_review::list)
        .service(activity_review::read)
        .service(activity::update)
        .service(activity::submit)
        .service(activity_review::review)
        .service(evidence::create)
        .service(evidence::read)
        .service(evidence::remove)
        .service(activity::list_own)
        // monthly reports
        .service(monthly_report::compile)
        .service(monthly_report::list)
        .service(monthly_report::read)
        .service(monthly_report::submit)
        .service(monthly_report::assess)
        .service(monthly_report::list_own)
        // notices
        .service(notice::list_own)
        .service(notice::see)
        .service(notice::list_undelivered)
        .service(notice::hand_over)
        .service(roster::set)
        .service(roster::list)
        // an agency's rosters
        .service(agency_roster::create)
        .service(agency_roster::list)
        .service(agency_roster::read)
        .service(agency_roster::entries)
        .service(agency_roster::change)
        .service(agency_roster::submit)
        .service(agency_roster::decide)
        .service(agency_roster::publish)
        .service(person_mark::set)
        .service(person_mark::list)
        .service(person_mark::end)
        .service(person_mark::list_own)
        // leave
        .service(leave_kind::read)
        .service(leave_kind::replace)
        .service(leave_balance::read_own)
        .service(leave_balance::read)
        .service(leave_balance::open)
        .service(leave_request::create)
        .service(leave_request::list_own)
        .service(leave_request::list)
        .service(leave_request::read)
        .service(colleague::of_leave)
        .service(leave_request::amend)
        .service(leave_step::submit)
        .service(leave_step::check)
        .service(leave_step::send_back)
        .service(leave_step::consider)
        .service(leave_step::decide)
        .service(leave_step::accept)
        .service(leave_step::withdraw)
        .service(leave_step::cancel)
        .service(leave_step::recall)
        .service(leave_step::issue_letter)
        // duty travel
        .service(duty_travel::create)
        .service(duty_travel::list_own)
        .service(duty_travel::list)
        .service(duty_travel::read)
        .service(colleague::of_travel)
        .service(duty_travel_step::submit)
        .service(duty_travel_step::except)
        .service(duty_travel_step::decide)
        .service(duty_travel_step::cancel)
        .service(duty_travel_step::tell)
        .service(duty_travel_step::close)
        .service(region_outline::list)
        .service(region_outline::import)
        // letters
        .service(signer_rule::read)
        .service(signer_rule::replace)
        .service(letter_register::read)
        .service(letter_register::replace)
        .service(letter::verify)
        .service(letter::read)
        .service(verification_page::show)
        // logs
        .service(log::list)
        .service(witness::list)
        .service(witness::replace)
        // maps
        .service(map::read)
        // own data
        .service(privacy::read)
        .service(disclosure::list)
        .service(own_case::list)
        // audits
        .service(audit::plan)
        .service(audit::list)
        .service(audit::read)
        .service(audit::population)
        .service(audit_seed::accept)
        .service(audit_seed::cancel)
        .service(audit::draw)
        .service(audit_draw::list)
        .service(audit_extension::extend)
        .service(audit_reassignment::reassign)
        .service(audit_planner::count)
        .service(audit_planner::tell)
        .service(audit::close)
        .service(audit_report::read)
        .service(audit_bundle::read)
        .service(case::list)
        .service(second_review::list)
        // cases
        .service(case_file::read)
        .service(case::review)
        .service(second_review::read)
        .service(second_review::write)
        .service(case_evidence::create)
        .service(case_evidence::read)
        .service(case_evidence::remove)
        .service(own_case::answer)
        .service(case::decide)
        .service(objection::make)
        .service(objection::list)
        .service(objection::decide)
        .service(case_rule::list)
        .service(case_rule::replace)
        // recaps; the files first, since a month would swallow their endings
        .service(recap_file::csv)
        .service(recap_file::xlsx);
    #[cfg(feature = "print")]
    config
        .service(recap_file::print)
        .service(letter::print)
        .service(agency_roster::print);
    config
        .service(recap::read)
        .service(recap::close)
        .service(recap::versions)
        .service(recap::difference)
        .service(recap_setting::read)
        .service(recap_setting::replace)
        .service(absence::list)
        .service(attendance_rule::list_allowance)
        .service(attendance_rule::set_allowance)
        .service(attendance_rule::list_discipline)
        .service(attendance_rule::set_discipline)
        .service(outage::declare)
        .service(outage::list)
        .service(outage::withdraw)
        // corrections
        .service(correction::submit)
        .service(correction::list_own)
        .service(correction::list)
        .service(correction_day::read)
        .service(correction::consider)
        .service(correction::decide);
}

/// A path parameter that does not parse names nothing that exists.
pub fn path_config() -> PathConfig {
    PathConfig::default().error_handler(|_, _| Problem::from(Error::NotFound).into())
}

/// Everything that a server needs beside the routes themselves, and the way to the description for who begins at the door.
pub fn fallback(config: &mut ServiceConfig) {
    config
        .app_data(path_config())
        .service(web::redirect("/", "/docs/"))
        .service(web::redirect("/docs", "/docs/"))
        .default_service(web::route().to(method::unrouted));
}
