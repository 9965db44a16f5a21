//! The invoice on paper: letterhead, amount to pay, parties, charges, VAT, payment.
//!
//! Decides where things stand. What they are comes from the record, the words from the catalogue.

use krilla::tagging::Tag;
use openbok_domain::{Colour, Decimal, InvoiceKind, Lang, TaxId, VatRate, accessible_accent};
use openbok_locales::{format, invoice_pdf as words, labels};

use super::DocumentError;
use super::record::{InvoiceDocument, Party, Sums};
use super::sheets::{Element, HEIGHT_PT, Rgb, Role, Sheets, WIDTH_PT};
use super::table::{Align, Column, Frame, Ink, Row, Table};
use super::typeface::{Style, fit, line, wrap};

const MARGIN_PT: f32 = 44.0;
const CONTENT_PT: f32 = WIDTH_PT - 2.0 * MARGIN_PT;
const RIGHT_PT: f32 = WIDTH_PT - MARGIN_PT;
const GUTTER_PT: f32 = 7.5;
const SECTION_GAP_PT: f32 = 22.0;

const TEXT: Rgb = [26, 31, 43];
const MUTED: Rgb = [89, 98, 115];
const RULE: Rgb = [216, 221, 228];

const BRAND: Style = Style::bold(15.0);
const TITLE: Style = Style::bold(18.0);
const AMOUNT: Style = Style::bold(21.0);
const SECTION: Style = Style::bold(9.5);
const LABEL: Style = Style::regular(7.5);
const BODY: Style = Style::regular(8.5);
const STRONG: Style = Style::bold(8.5);
const CELL: Style = Style::regular(8.0);

/// Sets an invoice in type: A4, tagged for screen readers (PDF/UA-1), in this language. No clock and no chance are
/// involved: the same invoice always gives the same bytes.
///
/// # Errors
/// [`DocumentError`] when the file would not be a valid accessible document.
pub fn invoice_pdf(document: &InvoiceDocument, lang: Lang) -> Result<Vec<u8>, DocumentError> {
    let accent = accessible_accent(document.accent, Colour::WHITE).rgb();
    let mut invoice = Invoice {
        document,
        lang,
        title: title(document, lang),
        accent,
        tint: accent.map(|channel| 255 - (255 - channel) / 12),
        sheets: Sheets::new(),
        frame: Frame { position_pt: 32.0, contents_pt: 58.0..HEIGHT_PT - 58.0 },
    };
    invoice.letterhead();
    invoice.headline();
    invoice.parties();
    if !document.lines.is_empty() {
        invoice.charges();
        invoice.vat_summary();
    }
    invoice.payment();
    invoice.pagination();
    invoice.sheets.write(&invoice.title, &document.seller.name, lang.code())
}

fn title(document: &InvoiceDocument, lang: Lang) -> String {
    let number = document.number.as_str();
    match document.kind {
        InvoiceKind::Settlement => words::title_settlement(lang, number),
        InvoiceKind::Forecast => words::title_forecast(lang, number),
        InvoiceKind::Correction => words::title_correction(lang, number),
        InvoiceKind::Note => words::title_note(lang, number),
    }
}

struct Invoice<'a> {
    document: &'a InvoiceDocument,
    lang: Lang,
    title: String,
    /// The operator's colour, readable on white.
    accent: Rgb,
    /// The same colour, so light that text is readable on it.
    tint: Rgb,
    sheets: Sheets,
    frame: Frame,
}

impl Invoice<'_> {
    /// The operator's name at the left, how to reach the seller at the right.
    fn letterhead(&mut self) {
        let top_pt = self.frame.position_pt;
        let element = self.sheets.element(None, Tag::P);
        let brand_end_pt =
            self.flow(element, (MARGIN_PT, top_pt, CONTENT_PT / 2.0), &self.document.brand, BRAND, self.accent);
        let mut contact_pt = top_pt;
        for contact in &self.document.contact {
            let element = self.sheets.element(None, Tag::P);
            for part in wrap(contact, LABEL, CONTENT_PT / 2.0 - GUTTER_PT) {
                let left_pt = RIGHT_PT - part.visible_width_pt();
                self.sheets.text(Role::Content(element), left_pt, contact_pt + LABEL.size_pt, part, MUTED);
                contact_pt += LABEL.leading_pt();
            }
        }
        self.frame.position_pt = brand_end_pt.max(contact_pt) + 26.0;
    }

    /// What this is, and what it asks for: the two things everybody looks for first.
    fn headline(&mut self) {
        const BOX_PT: f32 = 205.0;
        const PADDING_PT: f32 = 14.0;
        const BOX_HEIGHT_PT: f32 = 76.0;
        let document = self.document;
        let top_pt = self.frame.position_pt;

        let heading = self.sheets.heading(1, &self.title, top_pt);
        let title = self.title.clone();
        let column_pt = CONTENT_PT - BOX_PT - 20.0;
        let mut end_pt = self.flow(heading, (MARGIN_PT, top_pt + 8.0, column_pt), &title, TITLE, TEXT);
        let corrects = document.corrects.as_ref().map(|number| words::corrects(self.lang, number));
        let ksef = document.ksef_number.as_ref().map(|number| words::ksef_number(self.lang, number));
        for text in corrects.iter().chain(&ksef) {
            let element = self.sheets.element(None, Tag::P);
            end_pt = self.flow(element, (MARGIN_PT, end_pt + 2.0, column_pt), text, BODY, MUTED);
        }

        let left_pt = RIGHT_PT - BOX_PT;
        self.sheets.bar(left_pt, top_pt, BOX_PT, BOX_HEIGHT_PT, self.tint);
        self.sheets.bar(left_pt, top_pt, 3.0, BOX_HEIGHT_PT, self.accent);
        let mut to_pay = document.to_pay();
        let (label, note) = match to_pay.minor {
            ..0 => (words::TO_RETURN.get(self.lang), words::TO_RETURN_NOTE.get(self.lang).to_owned()),
            0 => (words::TO_PAY.get(self.lang), words::NOTHING_TO_PAY.get(self.lang).to_owned()),
            1.. => {
                let until = |day| words::to_pay_until(self.lang, &format::date_long(day, self.lang));
                (words::TO_PAY.get(self.lang), document.due_on.map(until).unwrap_or_default())
            }
        };
        to_pay.minor = to_pay.minor.saturating_abs();
        let left_pt = left_pt + PADDING_PT;
        let width_pt = BOX_PT - 2.0 * PADDING_PT;
        let element = self.sheets.element(None, Tag::P);
        let label_end_pt = self.flow(element, (left_pt, top_pt + 13.0, width_pt), &spaced(label), BODY, MUTED);
        let amount = fit(&spaced(&format::money(to_pay, self.lang)), AMOUNT, width_pt);
        self.sheets.text(Role::Content(element), left_pt, label_end_pt + AMOUNT.size_pt, amount, TEXT);
        self.flow(element, (left_pt, label_end_pt + AMOUNT.size_pt + 7.0, width_pt), &note, BODY, TEXT);
        self.frame.position_pt = end_pt.max(top_pt + BOX_HEIGHT_PT) + SECTION_GAP_PT;
    }

    /// Seller, buyer and the dates, side by side.
    fn parties(&mut self) {
        let document = self.document;
        let top_pt = self.frame.position_pt;
        let gap_pt = 20.0;
        let width_pt = (CONTENT_PT - 2.0 * gap_pt) / 3.0;
        let [seller_pt, buyer_pt, details_pt] = [0.0, 1.0, 2.0].map(|index| MARGIN_PT + index * (width_pt + gap_pt));

        let seller_end_pt = self.party(words::SELLER.get(self.lang), &document.seller, seller_pt, width_pt);
        let buyer_end_pt = self.party(words::BUYER.get(self.lang), &document.buyer, buyer_pt, width_pt);

        let mut end_pt = self.section(words::DETAILS.get(self.lang), (details_pt, top_pt, width_pt));
        let issued_on = format::date_long(document.issued_on, self.lang);
        let period = document.period.map(|(from, to)| format::period(from, to, self.lang));
        let gross = format::money(document.gross(), self.lang);
        let due_on = document.due_on.filter(|_| document.gross_minor > 0);
        let due_on = due_on.map(|day| format::date_long(day, self.lang));
        for (label, value) in [
            (words::ISSUED_ON, Some(issued_on)),
            (words::PERIOD, period),
            (words::AMOUNT, Some(gross)),
            (words::DUE_ON, due_on),
        ] {
            if let Some(value) = value {
                let place = (details_pt, end_pt, width_pt);
                end_pt = self.fact(label.get(self.lang), &value, place, BODY) + 4.0;
            }
        }
        self.frame.position_pt = seller_end_pt.max(buyer_end_pt).max(end_pt) + SECTION_GAP_PT - 4.0;
    }

    fn party(&mut self, label: &str, party: &Party, left_pt: f32, width_pt: f32) -> f32 {
        let mut end_pt = self.section(label, (left_pt, self.frame.position_pt, width_pt));
        let tax_id = party.tax_id.as_ref().map(|tax_id| {
            let number = tax_id.display();
            match tax_id {
                TaxId::Nip(_) => words::nip(self.lang, &number),
                TaxId::Pesel(_) => words::pesel(self.lang, &number),
                TaxId::Rnokpp(_) => words::rnokpp(self.lang, &number),
                TaxId::Edrpou(_) => words::edrpou(self.lang, &number),
            }
        });
        let name = std::iter::once((party.name.as_str(), STRONG));
        let rest = party.address.iter().map(String::as_str).chain(tax_id.as_deref());
        for (text, style) in name.chain(rest.map(|text| (text, BODY))) {
            let element = self.sheets.element(None, Tag::P);
            end_pt = self.flow(element, (left_pt, end_pt, width_pt), text, style, TEXT);
        }
        end_pt
    }

    fn charges(&mut self) {
        let widths = [130.0, 54.0, 30.0, 54.0, 66.0, 62.0, 66.0];
        let currency = labels::currency(self.document.currency).get(self.lang);
        let columns = columns(
            MARGIN_PT,
            &widths,
            [
                (words::COLUMN_DESCRIPTION.get(self.lang).to_owned(), Align::Left),
                (words::COLUMN_QUANTITY.get(self.lang).to_owned(), Align::Right),
                (words::COLUMN_UNIT.get(self.lang).to_owned(), Align::Left),
                (words::column_unit_price(self.lang, currency), Align::Right),
                (words::column_net(self.lang, currency), Align::Right),
                (words::COLUMN_VAT_RATE.get(self.lang).to_owned(), Align::Right),
                (words::column_gross(self.lang, currency), Align::Right),
            ],
        );
        self.make_room(90.0);
        self.frame.position_pt =
            self.section(words::LINES.get(self.lang), (MARGIN_PT, self.frame.position_pt, CONTENT_PT)) + 3.0;
        let table = Table::start(&mut self.sheets, &mut self.frame, &columns, CELL, INK);
        for item in &self.document.lines {
            let cells = [
                item.description.clone(),
                item.quantity.map(|quantity| format::decimal(quantity, self.lang)).unwrap_or_default(),
                item.unit.as_deref().map(format::unit).unwrap_or_default(),
                item.unit_price.map(|price| format::decimal(price, self.lang)).unwrap_or_default(),
                self.amount(item.net_minor),
                self.rate(item.rate().as_ref()),
                self.amount(item.gross_minor),
            ];
            table.row(&mut self.sheets, &mut self.frame, Row::Body, &cells);
        }
        self.frame.position_pt += SECTION_GAP_PT;
    }

    /// Sums by rate and of everything, under the columns of the charges that they add up.
    fn vat_summary(&mut self) {
        let widths = [62.0, 66.0, 62.0, 66.0];
        let width_pt = widths.iter().sum::<f32>() + 3.0 * GUTTER_PT;
        let currency = labels::currency(self.document.currency).get(self.lang);
        let columns = columns(
            RIGHT_PT - width_pt,
            &widths,
            [
                (words::COLUMN_RATE.get(self.lang).to_owned(), Align::Left),
                (words::column_net(self.lang, currency), Align::Right),
                (words::column_vat(self.lang, currency), Align::Right),
                (words::column_gross(self.lang, currency), Align::Right),
            ],
        );
        let by_rate = self.document.sums_by_rate();
        let rows_pt: f32 = (0..by_rate.len() + 2).map(|_| 22.0).sum();
        self.make_room(rows_pt.min(self.frame.contents_pt.end / 2.0));
        let heading_pt = CONTENT_PT - width_pt - 20.0;
        self.section(words::VAT_SUMMARY.get(self.lang), (MARGIN_PT, self.frame.position_pt, heading_pt));
        let table = Table::start(&mut self.sheets, &mut self.frame, &columns, CELL, INK);
        for (rate, sums) in by_rate {
            let percent = if matches!(rate, Some(VatRate::Percent(_))) { "\u{a0}%" } else { "" };
            let cells = self.sums(format!("{}{percent}", self.rate(rate.as_ref())), sums);
            table.row(&mut self.sheets, &mut self.frame, Row::Body, &cells);
        }
        let cells = self.sums(words::TOTAL.get(self.lang).to_owned(), self.document.total());
        table.row(&mut self.sheets, &mut self.frame, Row::Total, &cells);
        self.frame.position_pt += SECTION_GAP_PT;
    }

    /// What somebody needs who pays by transfer.
    fn payment(&mut self) {
        let document = self.document;
        if document.to_pay_minor <= 0 {
            return;
        }
        self.make_room(70.0);
        self.sheets.bar(MARGIN_PT, self.frame.position_pt, CONTENT_PT, 1.0, self.accent);
        let top_pt = self.section(words::PAY.get(self.lang), (MARGIN_PT, self.frame.position_pt + 12.0, CONTENT_PT));
        let to_pay = format::money(document.to_pay(), self.lang);
        let mut left_pt = MARGIN_PT;
        for (label, value, width_pt) in [
            (words::ACCOUNT, document.account.as_deref(), 228.0),
            (words::TRANSFER_TITLE, document.transfer_title.as_deref(), 165.0),
            (words::AMOUNT, Some(to_pay.as_str()), 99.0),
        ] {
            if let Some(value) = value {
                self.fact(label.get(self.lang), value, (left_pt, top_pt, width_pt), STRONG);
            }
            left_pt += width_pt + GUTTER_PT;
        }
    }

    /// The operator's colour bar and the page number on every sheet, a running title from the second on.
    fn pagination(&mut self) {
        let pages = self.sheets.count();
        for sheet in 0..pages {
            self.sheets.turn_to(sheet);
            self.sheets.bar(0.0, 0.0, WIDTH_PT, 7.0, self.accent);
            if sheet > 0 {
                self.running(36.0, &self.document.brand, &self.title.clone());
            }
            let page = words::page(self.lang, &(sheet + 1).to_string(), &pages.to_string());
            self.sheets.bar(MARGIN_PT, HEIGHT_PT - 44.0, CONTENT_PT, 0.5, RULE);
            self.running(HEIGHT_PT - 30.0, &self.document.number, &page);
        }
    }

    fn running(&mut self, baseline_pt: f32, left: &str, right: &str) {
        self.sheets.text(Role::Pagination, MARGIN_PT, baseline_pt, line(left, LABEL), MUTED);
        let right = line(right, LABEL);
        self.sheets.text(Role::Pagination, RIGHT_PT - right.width_pt, baseline_pt, right, MUTED);
    }

    /// Goes to a new sheet unless this much room is left.
    fn make_room(&mut self, height_pt: f32) {
        if !self.frame.fits(height_pt) {
            self.frame.next_sheet(&mut self.sheets);
        }
    }

    /// A heading of the second level; gives where its contents start.
    fn section(&mut self, title: &str, (left_pt, top_pt, width_pt): Place) -> f32 {
        let heading = self.sheets.heading(2, title, top_pt);
        self.flow(heading, (left_pt, top_pt, width_pt), title, SECTION, self.accent) + 3.0
    }

    /// A small label over its value, one paragraph; gives where it ends.
    fn fact(&mut self, label: &str, value: &str, (left_pt, top_pt, width_pt): Place, style: Style) -> f32 {
        let element = self.sheets.element(None, Tag::P);
        let end_pt = self.flow(element, (left_pt, top_pt, width_pt), &spaced(label), LABEL, MUTED);
        self.flow(element, (left_pt, end_pt, width_pt), value, style, TEXT)
    }

    /// Text of an element, wrapped; gives where it ends.
    fn flow(
        &mut self,
        element: Element,
        (left_pt, mut top_pt, width_pt): Place,
        text: &str,
        style: Style,
        colour: Rgb,
    ) -> f32 {
        for part in wrap(text, style, width_pt) {
            self.sheets.text(Role::Content(element), left_pt, top_pt + style.size_pt, part, colour);
            top_pt += style.leading_pt();
        }
        top_pt
    }

    fn amount(&self, minor: i64) -> String {
        format::decimal(Decimal { units: minor, scale: 2 }, self.lang)
    }

    /// The rate as a column shows it whose title says that it is in percent.
    fn rate(&self, rate: Option<&VatRate>) -> String {
        match rate {
            Some(VatRate::Percent(rate)) => format::decimal(*rate, self.lang),
            Some(VatRate::Word(word)) => word.clone(),
            None => "–".to_owned(),
        }
    }

    fn sums(&self, name: String, sums: Sums) -> [String; 4] {
        [name, self.amount(sums.net_minor), self.amount(sums.vat_minor()), self.amount(sums.gross_minor)]
    }
}

/// Left edge, top edge and width, in points.
type Place = (f32, f32, f32);

const INK: Ink = Ink { text: TEXT, title: MUTED, rule: RULE };

/// A label with a blank behind it, so that a screen reader does not glue it to the value under it.
fn spaced(label: &str) -> String {
    format!("{label} ")
}

fn columns<const N: usize>(left_pt: f32, widths: &[f32; N], titles: [(String, Align); N]) -> [Column; N] {
    let mut next_pt = left_pt;
    let mut widths = widths.iter();
    titles.map(|(title, align)| {
        let left_pt = next_pt;
        let width_pt = *widths.next().expect("a width for each title");
        next_pt += width_pt + GUTTER_PT;
        Column { title, left_pt, width_pt, align }
    })
}
