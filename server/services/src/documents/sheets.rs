//! Sheets of paper under construction: what is drawn where, and which element of the structure it belongs to.
//!
//! Knows the PDF library and nothing of invoices. Drawing is recorded first and written at the end, because the
//! footer needs the number of sheets, and because a table cell may continue on the next sheet.

use std::num::NonZeroU16;

use krilla::Document;
use krilla::SerializeSettings;
use krilla::color::rgb;
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Identifier, SpanTag, Tag, TagGroup, TagKind, TagTree};

use super::DocumentError;
use super::typeface::Line;

/// Width of A4 in points.
pub(super) const WIDTH_PT: f32 = 595.28;
/// Height of A4 in points.
pub(super) const HEIGHT_PT: f32 = 841.89;

/// Red, green and blue.
pub(super) type Rgb = [u8; 3];

/// A place in the document's structure: heading, paragraph, table cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Element(usize);

/// What a mark on the paper is to somebody who listens to the document.
#[derive(Debug, Clone, Copy)]
pub(super) enum Role {
    /// Part of this element.
    Content(Element),
    /// Repeated on every sheet; not read out.
    Pagination,
    /// Decoration; not read out.
    Decoration,
}

enum Mark {
    Text { role: Role, left_pt: f32, baseline_pt: f32, line: Line, colour: Rgb },
    Bar { rect: Rect, colour: Rgb },
}

struct Node {
    tag: TagKind,
    children: Vec<Element>,
    content: Vec<Identifier>,
}

struct Bookmark {
    title: String,
    sheet: usize,
    top_pt: f32,
}

/// A document under construction.
pub(super) struct Sheets {
    marks: Vec<Vec<Mark>>,
    current: usize,
    nodes: Vec<Node>,
    roots: Vec<Element>,
    bookmarks: Vec<Bookmark>,
}

impl Sheets {
    /// A document of one empty sheet.
    pub fn new() -> Self {
        Self { marks: vec![Vec::new()], current: 0, nodes: Vec::new(), roots: Vec::new(), bookmarks: Vec::new() }
    }

    /// How many sheets there are.
    pub fn count(&self) -> usize {
        self.marks.len()
    }

    /// Puts a new sheet behind the last one and draws on it from now on.
    pub fn add(&mut self) {
        self.marks.push(Vec::new());
        self.current = self.marks.len() - 1;
    }

    /// Draws on this sheet (counted from 0) from now on.
    pub fn turn_to(&mut self, sheet: usize) {
        self.current = sheet;
    }

    /// Adds an element to the structure, behind its earlier siblings.
    pub fn element(&mut self, parent: Option<Element>, tag: impl Into<TagKind>) -> Element {
        let element = Element(self.nodes.len());
        self.nodes.push(Node { tag: tag.into(), children: Vec::new(), content: Vec::new() });
        match parent {
            Some(Element(parent)) => self.nodes[parent].children.push(element),
            None => self.roots.push(element),
        }
        element
    }

    /// Adds a heading, with its bookmark at this height of the current sheet.
    pub fn heading(&mut self, level: u16, title: &str, top_pt: f32) -> Element {
        self.bookmarks.push(Bookmark { title: title.to_owned(), sheet: self.current, top_pt });
        let level = NonZeroU16::new(level).expect("heading levels start at 1");
        self.element(None, Tag::Hn(level, Some(title.to_owned())))
    }

    /// Writes a line of text from this left end on.
    pub fn text(&mut self, role: Role, left_pt: f32, baseline_pt: f32, line: Line, colour: Rgb) {
        self.marks[self.current].push(Mark::Text { role, left_pt, baseline_pt, line, colour });
    }

    /// Fills a rectangle, as decoration.
    pub fn bar(&mut self, left_pt: f32, top_pt: f32, width_pt: f32, height_pt: f32, colour: Rgb) {
        let rect = Rect::from_xywh(left_pt, top_pt, width_pt, height_pt).expect("bars have an extent");
        self.marks[self.current].push(Mark::Bar { rect, colour });
    }

    /// Writes the file: PDF/UA-1, checked by the library while writing. The same sheets give the same bytes.
    ///
    /// # Errors
    /// [`DocumentError`] when the file would not be a valid accessible document.
    pub fn write(mut self, title: &str, author: &str, language: &str) -> Result<Vec<u8>, DocumentError> {
        let configuration = ConfigurationBuilder::new()
            .with_accessibility_validator(Accessibility::UA1)
            .finish()
            .expect("PDF/UA-1 alone contradicts nothing");
        let mut document = Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
        for marks in std::mem::take(&mut self.marks) {
            let mut page =
                document.start_page_with(PageSettings::from_wh(WIDTH_PT, HEIGHT_PT).expect("A4 has an extent"));
            let mut surface = page.surface();
            for mark in marks {
                self.paint(&mut surface, mark);
            }
            surface.finish();
            page.finish();
        }
        document.set_outline(self.outline());
        document.set_metadata(
            Metadata::new()
                .title(title.to_owned())
                .authors(vec![author.to_owned()])
                .creator("OpenBOK".to_owned())
                .language(language.to_owned()),
        );
        document.set_tag_tree(self.structure(language));
        document.finish().map_err(|error| DocumentError(Box::new(error)))
    }

    fn paint(&mut self, surface: &mut Surface<'_>, mark: Mark) {
        let (role, colour) = match &mark {
            Mark::Text { role, colour, .. } => (*role, *colour),
            Mark::Bar { colour, .. } => (Role::Decoration, *colour),
        };
        let identifier = surface.start_tagged(match role {
            Role::Content(_) => ContentTag::Span(SpanTag::empty()),
            Role::Pagination => ContentTag::Artifact(Artifact::with_kind(ArtifactType::PaginationOther)),
            Role::Decoration => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)),
        });
        if let Role::Content(Element(element)) = role {
            self.nodes[element].content.push(identifier);
        }
        let [red, green, blue] = colour;
        surface.set_fill(Some(Fill { paint: rgb::Color::new(red, green, blue).into(), ..Fill::default() }));
        match mark {
            Mark::Text { left_pt, baseline_pt, line, .. } => surface.draw_glyphs(
                Point::from_xy(left_pt, baseline_pt),
                &line.glyphs,
                line.style.weight.font(),
                &line.text,
                line.style.size_pt,
                false,
            ),
            Mark::Bar { rect, .. } => {
                let mut path = PathBuilder::new();
                path.push_rect(rect);
                surface.draw_path(&path.finish().expect("a rectangle is a path"));
            }
        }
        surface.end_tagged();
    }

    fn outline(&mut self) -> Outline {
        let mut outline = Outline::new();
        for Bookmark { title, sheet, top_pt } in self.bookmarks.drain(..) {
            outline.push_child(OutlineNode::new(title, XyzDestination::new(sheet, Point::from_xy(0.0, top_pt))));
        }
        outline
    }

    fn structure(mut self, language: &str) -> TagTree {
        let mut tree = TagTree::new().with_lang(Some(language.to_owned()));
        for root in std::mem::take(&mut self.roots) {
            tree.push(self.group(root));
        }
        tree
    }

    fn group(&mut self, Element(element): Element) -> TagGroup {
        let node = &mut self.nodes[element];
        let mut group = TagGroup::new(node.tag.clone());
        let children = std::mem::take(&mut node.children);
        for identifier in node.content.drain(..) {
            group.push(identifier);
        }
        for child in children {
            group.push(self.group(child));
        }
        group
    }
}
