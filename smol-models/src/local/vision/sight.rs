//! Pictures as tokens of a conversation.
//!
//! Each row of a picture gets a number beyond all words. So whatever keeps, compares or cuts conversations needs to know
//! nothing of pictures: the same picture has the same numbers, and another one has others.

use super::Vision;
use candle_core::{Result, Tensor};
use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The first number that is no word's.
const FIRST: u32 = 1 << 31;
/// How many pictures are remembered beside those of the latest request.
const REMEMBERED: usize = 8;

/// Eyes, and what they have seen lately.
pub(in crate::local) struct Sight {
    vision: Vision,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    /// The latest last.
    pictures: VecDeque<SeenPicture>,
    /// How many there have been.
    count: u32,
}

struct SeenPicture {
    file: Vec<u8>,
    first: u32,
    rows: Tensor,
}

/// Tokens side by side of one kind.
pub(in crate::local) enum Run<'a> {
    Words(&'a [u32]),
    /// Rows of a picture.
    Rows(Tensor),
}

impl Sight {
    pub(in crate::local) fn new(vision: Vision) -> Self {
        Self { vision, seen: Mutex::default() }
    }

    /// `prompt`, in which the token that stands for a picture is replaced by those of each of `files` in turn. Else what
    /// is wrong.
    pub(in crate::local) fn place(
        &self,
        prompt: &[u32],
        files: Vec<Vec<u8>>,
    ) -> std::result::Result<Vec<u32>, String> {
        let places = prompt.iter().filter(|token| **token == self.vision.token).count();
        if places != files.len() {
            return Err(format!(
                "the chat template has places for {places} pictures, given are {}",
                files.len()
            ));
        }
        let kept = files.len().max(REMEMBERED);
        let mut seen = self.lock();
        let mut pictures = Vec::new();
        for (file, number) in files.into_iter().zip(1..) {
            let look = seen.look(&self.vision, file);
            pictures.push(
                look.map_err(|cause| format!("picture {number} cannot be shown to the model: {cause}"))?,
            );
        }
        let surplus = seen.pictures.len().saturating_sub(kept);
        seen.pictures.drain(..surplus);
        let mut pictures = pictures.into_iter();
        let tokens = prompt.iter().flat_map(|token| {
            let first = if *token == self.vision.token { pictures.next() } else { None };
            let (first, count) = first.map_or((*token, 1), |first| (first, self.vision.patches as u32));
            first..first + count
        });
        Ok(tokens.collect())
    }

    /// `tokens` by kind, in order.
    pub(in crate::local) fn runs<'a>(&self, tokens: &'a [u32]) -> Result<Vec<Run<'a>>> {
        let seen = self.lock();
        let patches = self.vision.patches as u32;
        let picture = |token: u32| token.checked_sub(FIRST).map(|token| token / patches);
        let run = |run: &'a [u32]| match run {
            [first, ..] if *first >= FIRST => seen.rows(*first, run.len()).map(Run::Rows),
            words => Ok(Run::Words(words)),
        };
        tokens.chunk_by(|left, right| picture(*left) == picture(*right)).map(run).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    /// The first number of the picture in `file`.
    fn look(&mut self, vision: &Vision, file: Vec<u8>) -> std::result::Result<u32, String> {
        let known = self.pictures.iter().position(|picture| picture.file == file);
        let picture = match known.and_then(|place| self.pictures.remove(place)) {
            Some(picture) => picture,
            None => {
                let rows = vision.see(&file)?;
                let patches = vision.patches as u32;
                // After millions of pictures numbers come again, when no conversation with the first is remembered.
                let first = FIRST + self.count % (FIRST / patches - 1) * patches;
                self.count = self.count.wrapping_add(1);
                SeenPicture { file, first, rows }
            }
        };
        let first = picture.first;
        self.pictures.push_back(picture);
        Ok(first)
    }

    fn rows(&self, first: u32, count: usize) -> Result<Tensor> {
        let holds = |picture: &&SeenPicture| {
            first
                .checked_sub(picture.first)
                .is_some_and(|row| picture.rows.dim(0).is_ok_and(|rows| (row as usize) < rows))
        };
        match self.pictures.iter().find(holds) {
            Some(picture) => picture.rows.narrow(0, (first - picture.first) as usize, count),
            None => candle_core::bail!("a picture of this conversation is no longer remembered"),
        }
    }
}
