//! A small disk in memory, which a test may fill or make read-only.

use std::io::Write;
use std::path::Path;
use std::process::Command;

/// Whether a program ended well.
pub(super) fn succeeds(program: &str, arguments: &[&str]) -> bool {
    let output = Command::new(program).args(arguments).output();
    output.is_ok_and(|output| output.status.success())
}

/// A small disk in memory; unmounted when it is dropped.
pub(super) struct SmallDisk {
    directory: tempfile::TempDir,
}

impl SmallDisk {
    /// None where the test may not mount.
    pub(super) fn mount(mebibytes: u32) -> Option<Self> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().to_str().unwrap();
        let size = format!("size={mebibytes}m,mode=0755");
        succeeds("mount", &["-t", "tmpfs", "-o", &size, "tmpfs", path]).then_some(Self { directory })
    }

    pub(super) fn path(&self) -> &Path {
        self.directory.path()
    }

    pub(super) fn remount(&self, mode: &str) {
        let option = format!("remount,{mode}");
        assert!(
            succeeds("mount", &["-o", &option, self.path().to_str().unwrap()]),
            "{option}"
        );
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        succeeds("umount", &["-l", self.directory.path().to_str().unwrap()]);
    }
}

/// Writes until nothing more fits.
pub(super) fn fill(path: &Path) {
    let mut file = std::fs::File::create(path).unwrap();
    for size in [1 << 20, 4_096, 512] {
        let block = vec![7_u8; size];
        while file.write_all(&block).is_ok() {}
    }
}
