//! A bounded pipe from a thread that writes a file to a reader that sends it: what is sent never waits in memory.

use std::io;
use std::io::Write;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

/// Bytes of one piece.
const PIECE_BYTES: usize = 64 * 1024;
/// Pieces that may wait for a slow reader; then the writer waits.
const WAITING_PIECES: usize = 4;

/// How long a reader may take nothing before it is given up: a seat and a thread wait for it.
const PATIENCE: Duration = Duration::from_mins(1);
/// How often the writer looks whether the reader has taken a piece: four pieces a millisecond are more than it writes.
const LOOK: Duration = Duration::from_millis(1);

/// The reading end.
#[derive(Debug)]
pub struct ByteReceiver {
    /// Pieces in order; an empty one ends a file that is whole.
    pieces: mpsc::Receiver<Vec<u8>>,
    is_over: bool,
}

impl ByteReceiver {
    /// The next piece; `None` at the end of a whole file. The last thing that comes of another one is an error, so that
    /// a file cut short never looks whole.
    pub async fn next(&mut self) -> Option<io::Result<Vec<u8>>> {
        if self.is_over {
            return None;
        }
        match self.pieces.recv().await {
            Some(piece) if !piece.is_empty() => Some(Ok(piece)),
            end => {
                self.is_over = true;
                end.is_none().then(|| Err(io::Error::other("the file was cut short")))
            }
        }
    }
}

/// The writing end, for a thread that may block.
#[derive(Debug)]
pub struct ByteSender {
    sender: mpsc::Sender<Vec<u8>>,
    piece: Vec<u8>,
    patience: Duration,
}

/// Opens a pipe that holds at most 256 KiB.
pub fn channel() -> (ByteSender, ByteReceiver) {
    let (sender, pieces) = mpsc::channel(WAITING_PIECES);
    let sender = ByteSender {
        sender,
        piece: Vec::with_capacity(PIECE_BYTES),
        patience: PATIENCE,
    };
    let receiver = ByteReceiver { pieces, is_over: false };
    (sender, receiver)
}

impl ByteSender {
    /// Sends what is left and marks the file whole.
    pub fn finish(mut self) -> io::Result<()> {
        self.send_piece()?;
        self.send(Vec::new())
    }

    fn send_piece(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE_BYTES));
        self.send(piece)
    }

    fn send(&self, mut piece: Vec<u8>) -> io::Result<()> {
        let mut waited = Duration::ZERO;
        loop {
            piece = match self.sender.try_send(piece) {
                Ok(()) => return Ok(()),
                Err(TrySendError::Full(piece)) if waited < self.patience => piece,
                Err(TrySendError::Full(_)) => {
                    return Err(io::Error::new(io::ErrorKind::TimedOut, "the reader takes nothing"));
                }
                Err(TrySendError::Closed(_)) => {
                    return Err(io::Error::new(io::ErrorKind::BrokenPipe, "the reader is gone"));
                }
            };
            std::thread::sleep(LOOK);
            waited += LOOK;
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    async fn received(receiver: &mut ByteReceiver) -> (Vec<u8>, Option<io::Error>) {
        let mut bytes = Vec::new();
        while let Some(piece) = receiver.next().await {
            match piece {
                Ok(piece) => bytes.extend(piece),
                Err(error) => return (bytes, Some(error)),
            }
        }
        (bytes, None)
    }

    #[tokio::test]
    async fn what_is_written_arrives_whole_and_in_order() {
        let (mut sender, mut receiver) = channel();
        let written: Vec<u8> = (0..1_000_000_u32).map(|index| index.to_le_bytes()[0]).collect();
        let sent = written.clone();
        let writer = std::thread::spawn(move || {
            sender.write_all(&sent)?;
            sender.finish()
        });
        let (bytes, error) = received(&mut receiver).await;
        assert!(bytes == written);
        assert!(error.is_none());
        writer.join().unwrap().unwrap();
    }

    #[tokio::test]
    async fn a_writer_that_stops_early_ends_in_an_error() {
        let (mut sender, mut receiver) = channel();
        sender.write_all(b"half").unwrap();
        let writer = std::thread::spawn(move || drop(sender));
        assert!(received(&mut receiver).await.1.is_some());
        writer.join().unwrap();
    }

    #[tokio::test]
    async fn a_reader_that_takes_nothing_is_given_up() {
        let (mut sender, mut receiver) = channel();
        sender.patience = Duration::from_millis(50);
        let error = sender.write_all(&vec![0; 6 * PIECE_BYTES]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        drop(sender);
        let (bytes, error) = received(&mut receiver).await;
        assert_eq!(bytes.len(), WAITING_PIECES * PIECE_BYTES);
        assert!(
            error.is_some(),
            "a reader that comes back late knows that the rest is missing"
        );
    }

    #[test]
    fn a_reader_that_leaves_stops_the_writer() {
        let (mut sender, receiver) = channel();
        drop(receiver);
        let error = sender.write_all(&vec![0; PIECE_BYTES + 1]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }
}
