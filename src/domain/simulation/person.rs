//! One simulated person: name, personnel number, post and home. Made up from lists, never from anyone's record.

use crate::domain::place::Position;
use crate::domain::simulation::phone::Phone;
use crate::domain::simulation::random::Random;
use crate::domain::work_mode::WorkGroup;
use chrono::{Datelike, Months, NaiveDate};

const MEN: [&str; 36] = [
    "Aan", "Abdul", "Ade", "Agus", "Ahmad", "Andri", "Asep", "Bahrul", "Budi", "Cecep", "Dadan", "Dede", "Deni", "Eko",
    "Endang", "Fahmi", "Hadi", "Hendra", "Herman", "Iman", "Iwan", "Jajang", "Juheri", "Maman", "Mulyadi", "Nana",
    "Oman", "Rahmat", "Ridwan", "Rudi", "Saepul", "Suhendi", "Tatang", "Ujang", "Yayan", "Yusuf",
];
const WOMEN: [&str; 36] = [
    "Ai", "Aisyah", "Anisa", "Ati", "Cucu", "Dewi", "Dian", "Eha", "Elis", "Enok", "Euis", "Fitri", "Hani", "Heni",
    "Ida", "Iis", "Ika", "Imas", "Iroh", "Kokom", "Laila", "Lilis", "Mimin", "Neneng", "Nina", "Nurul", "Popi",
    "Ratna", "Rina", "Siti", "Sri", "Titin", "Tuti", "Umi", "Wiwin", "Yanti",
];
const LAST_NAMES: [&str; 40] = [
    "Abidin",
    "Apriyanti",
    "Budiman",
    "Darmawan",
    "Fadilah",
    "Fauzi",
    "Firmansyah",
    "Gunawan",
    "Hakim",
    "Handayani",
    "Hasanah",
    "Hermawan",
    "Hidayat",
    "Iskandar",
    "Jaelani",
    "Kurniawan",
    "Kusuma",
    "Lestari",
    "Maulana",
    "Mubarok",
    "Mulyana",
    "Nugraha",
    "Nurhayati",
    "Permana",
    "Pratama",
    "Purnama",
    "Rahayu",
    "Ramdani",
    "Rohman",
    "Rosadi",
    "Saputra",
    "Setiawan",
    "Sholihin",
    "Sobari",
    "Sudrajat",
    "Suryani",
    "Syarif",
    "Wahyudin",
    "Wibawa",
    "Zulkarnain",
];
const BACK_TITLES: [&str; 8] = ["S.E.", "S.H.", "S.IP.", "S.Kom.", "S.Pd.", "S.Sos.", "S.T.", "S.AP."];
const GRADES: [&str; 9] = [
    "II/c", "II/d", "III/a", "III/b", "III/c", "III/d", "IV/a", "IV/b", "IV/c",
];

/// The employment of a simulated person.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Employment {
    /// Civil servant with a NIP.
    CivilServant,
    /// Contract employee with a NI PPPK.
    Contract,
    /// Staff without either number.
    NonAsn,
}

/// What someone does on a day, apart from the work.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Habit {
    /// At home in working hours, as registered.
    AtHome,
    /// Shares from kilometres away: a market, another town.
    Elsewhere,
    /// Lets the phone report a point of an application's choice, the same to the last digit.
    FakePoint,
    /// Leaves slots out.
    Forgetful,
}

/// Someone who works in the simulated Banten.
#[derive(Clone, Debug)]
pub struct Person {
    /// Code of the agency.
    pub agency: &'static str,
    /// Code of the unit within the agency.
    pub unit: String,
    /// Whether the person heads that unit.
    pub is_head: bool,
    /// NIP or NI PPPK, 18 digits; `None` for staff without one.
    pub number: Option<String>,
    /// Employment.
    pub employment: Employment,
    /// Name without titles.
    pub name: String,
    /// Academic title after the name; may be empty.
    pub back_title: &'static str,
    /// Whether digit 15 of a number is 1.
    pub is_male: bool,
    /// Date of birth.
    pub born_on: NaiveDate,
    /// First day of the month of appointment.
    pub appointed_on: NaiveDate,
    /// Rank as `III/b`; empty for staff without one.
    pub grade: &'static str,
    /// Post.
    pub post: String,
    /// Group by which circulars sort people.
    pub work_group: WorkGroup,
    /// Code of the village of the home.
    pub village_code: &'static str,
    /// Street, village and postal code in one line.
    pub address: String,
    /// The true home, where the person registers it.
    pub home: Position,
    /// What the person is like.
    pub habit: Habit,
    /// What the person carries.
    pub phone: Phone,
}

/// A given and a last name. Such names are common, so that they point at no one.
pub(crate) fn name(random: &mut Random, is_male: bool) -> String {
    let given = if is_male {
        random.pick(&MEN)
    } else {
        random.pick(&WOMEN)
    };
    let last = random.pick(&LAST_NAMES);
    format!("{} {}", given.unwrap_or(&"Budi"), last.unwrap_or(&"Hidayat"))
}

/// Born and appointed so that the person is 22 to 57 years old on `today` and came at 21 to 36.
pub(crate) fn career(random: &mut Random, today: NaiveDate) -> (NaiveDate, NaiveDate) {
    let born = today - chrono::Duration::days(random.between(22 * 366, 57 * 365));
    let at_age_months = u32::try_from(random.between(21 * 12, 36 * 12)).unwrap_or(252);
    let appointed = (born + Months::new(at_age_months)).with_day(1).unwrap_or(born);
    let last_year = today.with_day(1).unwrap_or(today) - Months::new(6);
    (born, appointed.min(last_year))
}

/// The 18 digits by domain.md 1.7 with a serial of 900 to 999; `None` for staff without a number.
pub(crate) fn number(
    employment: Employment,
    born: NaiveDate,
    appointed: NaiveDate,
    is_male: bool,
    serial: u32,
) -> Option<String> {
    let sex = if is_male { 1 } else { 2 };
    let serial = 900 + serial % 100;
    match employment {
        Employment::CivilServant => Some(format!(
            "{}{}{sex}{serial}",
            born.format("%Y%m%d"),
            appointed.format("%Y%m")
        )),
        // 21 is the usual code of a first contract.
        Employment::Contract => Some(format!(
            "{}{}21{sex}{serial}",
            born.format("%Y%m%d"),
            appointed.year().max(2021)
        )),
        Employment::NonAsn => None,
    }
}

/// A rank that fits the years served; empty for staff without ranks.
pub(crate) fn grade(employment: Employment, appointed: NaiveDate, today: NaiveDate) -> &'static str {
    let steps = usize::try_from((today.year() - appointed.year()).max(0) / 4).unwrap_or(0);
    match employment {
        Employment::CivilServant => GRADES.get(steps).or(GRADES.last()).copied().unwrap_or(""),
        Employment::Contract => "IX",
        Employment::NonAsn => "",
    }
}

/// A title for four in five.
pub(crate) fn back_title(random: &mut Random) -> &'static str {
    if random.chance(80.0) {
        random.pick(&BACK_TITLES).copied().unwrap_or("")
    } else {
        ""
    }
}

/// How 100 people divide into habits: most are where they should be.
pub(crate) fn habit(random: &mut Random) -> Habit {
    match random.below(100) {
        0..=2 => Habit::Elsewhere,
        3 => Habit::FakePoint,
        4..=7 => Habit::Forgetful,
        _ => Habit::AtHome,
    }
}
