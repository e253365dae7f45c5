//! Names of people with their titles.

/// `Drs. Contoh Satu, M.Si`: the title before the name, the name, the title after it; either title may be empty.
pub fn titled(front_title: &str, name: &str, back_title: &str) -> String {
    let front = if front_title.is_empty() {
        String::new()
    } else {
        format!("{front_title} ")
    };
    let back = if back_title.is_empty() {
        String::new()
    } else {
        format!(", {back_title}")
    };
    format!("{front}{name}{back}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_stand_on_their_own_sides() {
        assert_eq!(titled("Drs.", "Contoh Satu", "M.Si"), "Drs. Contoh Satu, M.Si");
        assert_eq!(titled("", "Contoh Dua", ""), "Contoh Dua");
    }
}
