//! A bounded pipe from a thread that writes a file to a reader that sends it: what is sent never waits in memory.

use std::io;
use std::io::Write;
use tokio::sync::mpsc;

/// Bytes of one piece.
const PIECE_BYTES: usize = 64 * 1024;
/// Pieces that may wait for a slow reader; then the writer waits.
const WAITING_PIECES: usize = 4;

/// The reading end: pieces in order; an error is the last thing that comes.
pub type ByteReceiver = mpsc::Receiver<io::Result<Vec<u8>>>;

/// The writing end, for a thread that may block. Dropped without [`ByteSender::finish`] it reports an error, so that a
/// file cut short never looks whole.
#[derive(Debug)]
pub struct ByteSender {
    sender: mpsc::Sender<io::Result<Vec<u8>>>,
    piece: Vec<u8>,
    is_finished: bool,
}

/// Opens a pipe that holds at most 256 KiB.
pub fn channel() -> (ByteSender, ByteReceiver) {
    let (sender, receiver) = mpsc::channel(WAITING_PIECES);
    let sender = ByteSender {
        sender,
        piece: Vec::with_capacity(PIECE_BYTES),
        is_finished: false,
    };
    (sender, receiver)
}

impl ByteSender {
    /// Sends what is left and marks the file whole.
    pub fn finish(mut self) -> io::Result<()> {
        self.send_piece()?;
        self.is_finished = true;
        Ok(())
    }

    fn send_piece(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE_BYTES));
        self.sender
            .blocking_send(Ok(piece))
            .ok()
            .ok_or_else(|| io::Error::new(io::ErrorKind::BrokenPipe, "the reader is gone"))
    }
}

impl Write for ByteSender {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = PIECE_BYTES.saturating_sub(self.piece.len());
        let taken = bytes.get(..room.min(bytes.len())).unwrap_or(bytes);
        self.piece.extend_from_slice(taken);
        if self.piece.len() >= PIECE_BYTES {
            self.send_piece()?;
        }
        Ok(taken.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for ByteSender {
    fn drop(&mut self) {
        if !self.is_finished {
            // A reader that is gone needs no word any more.
            let _ = self
                .sender
                .blocking_send(Err(io::Error::other("the file was cut short")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(receiver: &mut ByteReceiver) -> (Vec<u8>, Option<io::Error>) {
        let mut bytes = Vec::new();
        while let Some(piece) = receiver.blocking_recv() {
            match piece {
                Ok(piece) => bytes.extend(piece),
                Err(error) => return (bytes, Some(error)),
            }
        }
        (bytes, None)
    }

    #[test]
    fn what_is_written_arrives_whole_and_in_order() {
        let (mut sender, mut receiver) = channel();
        let written: Vec<u8> = (0..1_000_000_u32).map(|index| index.to_le_bytes()[0]).collect();
        let sent = written.clone();
        let writer = std::thread::spawn(move || {
            sender.write_all(&sent)?;
            sender.finish()
        });
        let (bytes, error) = received(&mut receiver);
        assert!(bytes == written);
        assert!(error.is_none());
        writer.join().unwrap().unwrap();
    }

    #[test]
    fn a_writer_that_stops_early_ends_in_an_error() {
        let (mut sender, mut receiver) = channel();
        sender.write_all(b"half").unwrap();
        let writer = std::thread::spawn(move || drop(sender));
        assert!(received(&mut receiver).1.is_some());
        writer.join().unwrap();
    }

    #[test]
    fn a_reader_that_leaves_stops_the_writer() {
        let (mut sender, receiver) = channel();
        drop(receiver);
        let error = sender.write_all(&vec![0; PIECE_BYTES + 1]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }
}
