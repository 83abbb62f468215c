//! The way back from an expanded text to the template.

use crate::model::Span;

/// One part of the expanded text.
struct Piece {
    /// Where it begins there.
    at: usize,
    /// Where it comes from.
    start: usize,
    end: usize,
    /// Byte for byte, or in place of something else.
    copied: bool,
}

/// The parts of an expanded text, in order.
#[derive(Default)]
pub(super) struct Places {
    pieces: Vec<Piece>,
}

impl Places {
    /// From byte `at` on, `length` bytes are those of the template from `start` on.
    pub(super) fn copied(&mut self, at: usize, start: usize, length: usize) {
        self.pieces.push(Piece {
            at,
            start,
            end: start + length,
            copied: true,
        });
    }

    /// From byte `at` on stands what replaces `start..end` of the template.
    pub(super) fn replaced(&mut self, at: usize, start: usize, end: usize) {
        self.pieces.push(Piece {
            at,
            start,
            end,
            copied: false,
        });
    }

    /// The place in the template. What replaces a template comes from all of it.
    pub(super) fn origin(&self, span: Span) -> Span {
        let (from, to) = (span.start as usize, span.end as usize);
        let start = self.piece(from).map_or(0, |piece| {
            if piece.copied {
                (piece.start + from - piece.at).min(piece.end)
            } else {
                piece.start
            }
        });
        let Some(last) = to.checked_sub(1).filter(|last| *last >= from) else {
            return Span::new(start, start);
        };
        let end = self.piece(last).map_or(start, |piece| {
            if piece.copied {
                (piece.start + to - piece.at).min(piece.end)
            } else {
                piece.end
            }
        });
        Span::new(start, end)
    }

    /// The last part that begins at or before byte `at`.
    fn piece(&self, at: usize) -> Option<&Piece> {
        let next = self.pieces.partition_point(|piece| piece.at <= at);
        self.pieces.get(next.checked_sub(1)?)
    }
}
