//! What of the plans the server has, what it has not yet, and whose turn it is to be sent. No clock, no network.

use openbok_domain::Date;
use openbok_domain::plan::sheet::{Sheet, SheetPlan};
use openbok_domain::plan::view::{PlanView, SheetView};
use openbok_domain::plan::{Merge, Points, Resolution, merge};
use serde::{Deserialize, Serialize};

use super::saving::fitted;
use crate::portal::Fields;

/// A draft on its way to the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Code of the unit.
    pub unit: String,
    /// Day of the plan.
    pub day: Date,
    /// How finely it is cut.
    pub resolution: Resolution,
    /// The state that the work began with.
    pub revision: i64,
    /// What stands in it now.
    pub points: Points,
}

impl Draft {
    /// The fields of the server's function.
    pub fn fields(&self) -> Fields {
        let mut fields = Fields::default();
        fields.set("unit", self.unit.clone());
        fields.set("day", self.day.to_string());
        fields.set("resolution", self.resolution.to_string());
        fields.set("revision", self.revision.to_string());
        fields.set("points", self.points.pack());
        fields
    }
}

/// A draft as the browser keeps it until the server has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    resolution: Resolution,
    revision: i64,
    base: String,
    points: String,
}

/// Somebody else's state of a plan, which came in between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theirs {
    pub points: Points,
    pub revision: i64,
    /// Who; empty where it is the same account, or not known.
    pub by: String,
}

/// One plan's way to the server.
#[derive(Clone, Debug)]
struct Way {
    unit: String,
    day: Date,
    revision: i64,
    /// What the server has at that revision.
    base: Points,
    theirs: Option<Theirs>,
}

/// What a draft that the browser kept amounts to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Restored {
    /// Nothing, or nothing new.
    Nothing,
    /// Points to go on with.
    Points(Points),
    /// A day cut more finely than the page shows it.
    Finer(Resolution),
    /// Work that came too late.
    Late,
}

/// The ways of all plans of a sheet.
#[derive(Clone, Debug)]
pub struct Drafts {
    /// Whose they are.
    writer: String,
    ways: Vec<Way>,
}

impl Drafts {
    /// As they come from the server: everything is there.
    pub fn new(view: &SheetView, sheet: &Sheet) -> Self {
        let way = |(plan, laid): (&PlanView, &SheetPlan)| Way {
            unit: view.units[plan.unit].code.clone(),
            day: plan.day,
            revision: plan.revision,
            base: laid.points.clone(),
            theirs: None,
        };
        Self { writer: view.writer.clone(), ways: view.plans.iter().zip(sheet.plans()).map(way).collect() }
    }

    /// Under which name the browser keeps a plan's draft: a colleague at the same computer has drafts of their own.
    pub fn key(&self, plan: usize) -> String {
        let way = &self.ways[plan];
        format!("plan {} {} {}", self.writer, way.unit, way.day)
    }

    /// The plan of a unit on a day.
    pub fn find(&self, unit: &str, day: Date) -> Option<usize> {
        self.ways.iter().position(|way| way.unit == unit && way.day == day)
    }

    /// Whether the server has not got what stands in a plan.
    pub fn is_ahead(&self, plan: usize, sheet: &Sheet) -> bool {
        self.ways[plan].base != sheet.plans()[plan].points
    }

    /// Whether the server has everything.
    pub fn is_all_saved(&self, sheet: &Sheet) -> bool {
        !(0..self.ways.len()).any(|plan| self.is_ahead(plan, sheet))
    }

    /// A plan that has to be sent, and what of it.
    pub fn next(&self, sheet: &Sheet) -> Option<(usize, Draft)> {
        let plan =
            (0..self.ways.len()).find(|plan| self.ways[*plan].theirs.is_none() && self.is_ahead(*plan, sheet))?;
        Some((plan, self.draft(plan, sheet)))
    }

    /// A plan as it would be sent now.
    pub fn draft(&self, plan: usize, sheet: &Sheet) -> Draft {
        let (way, laid) = (&self.ways[plan], &sheet.plans()[plan]);
        Draft {
            unit: way.unit.clone(),
            day: way.day,
            resolution: laid.resolution,
            revision: way.revision,
            points: laid.points.clone(),
        }
    }

    /// The server has these points of a plan now.
    pub fn has_arrived(&mut self, plan: usize, points: Points, revision: i64) {
        let way = &mut self.ways[plan];
        way.base = points;
        way.revision = revision;
    }

    /// Somebody else came first.
    pub fn was_overtaken(&mut self, plan: usize, theirs: Theirs) {
        self.ways[plan].theirs = Some(theirs);
    }

    /// A plan that somebody else changed, and who.
    pub fn overtaken(&self) -> Option<(usize, &Theirs)> {
        self.ways.iter().enumerate().find_map(|(plan, way)| Some((plan, way.theirs.as_ref()?)))
    }

    /// My and somebody else's changes of a plan, put together.
    pub fn merged(&self, plan: usize, sheet: &Sheet) -> Option<Merge> {
        let way = &self.ways[plan];
        Some(merge(&way.base, &sheet.plans()[plan].points, &way.theirs.as_ref()?.points))
    }

    /// From now on the work builds on what the other one made.
    pub fn build_on_theirs(&mut self, plan: usize) {
        if let Some(theirs) = self.ways[plan].theirs.take() {
            self.has_arrived(plan, theirs.points, theirs.revision);
        }
    }

    /// What the browser is to keep of a plan.
    pub fn keep(&self, plan: usize, sheet: &Sheet) -> Kept {
        let (way, laid) = (&self.ways[plan], &sheet.plans()[plan]);
        Kept { resolution: laid.resolution, revision: way.revision, base: way.base.pack(), points: laid.points.pack() }
    }

    /// What the browser kept of a plan. When the server's state is another one by now, it waits as somebody else's. Hours hold
    /// for their quarters.
    pub fn restore(&mut self, plan: usize, kept: &Kept, sheet: &Sheet) -> Restored {
        let laid = &sheet.plans()[plan];
        let shown = self.draft(plan, sheet);
        // Quarters may differ where the averages of their hours do not.
        let is_finer = kept.resolution > laid.resolution;
        let points = fitted(&kept.points, kept.resolution, &shown);
        let Some(points) = points.filter(|points| is_finer || *points != laid.points) else {
            return Restored::Nothing;
        };
        if !laid.is_open {
            return Restored::Late;
        }
        if is_finer {
            return Restored::Finer(kept.resolution);
        }
        let way = &mut self.ways[plan];
        if kept.revision != way.revision {
            let Some(base) = fitted(&kept.base, kept.resolution, &shown) else { return Restored::Nothing };
            let points = std::mem::replace(&mut way.base, base);
            way.theirs = Some(Theirs { points, revision: way.revision, by: String::new() });
            way.revision = kept.revision;
        }
        Restored::Points(points)
    }
}

#[cfg(test)]
mod tests {
    use super::super::face::{lay_out, tests::view};
    use super::*;
    use openbok_domain::Lang;
    use openbok_domain::plan::view::Layout;
    use openbok_domain::plan::{Cell, Power, Series};

    fn two_units() -> (Sheet, Drafts) {
        let view = view(Layout::Units, 2, &["00–01", "01–02"], "1000;1000|0;0", None);
        let (sheet, _) = lay_out(&view, Series::Pplan, Lang::Pl).unwrap();
        let drafts = Drafts::new(&view, &sheet);
        (sheet, drafts)
    }

    fn with(mut points: Points, index: usize, kw: i32) -> Points {
        points.set(Series::Pplan, index, Cell::Power(Power::from_kw(kw)));
        points
    }

    fn write(sheet: &mut Sheet, plan: usize, index: usize, kw: i32) {
        let points = with(sheet.plans()[plan].points.clone(), index, kw);
        sheet.apply(sheet.replace(plan, &points));
    }

    #[test]
    fn what_was_changed_is_sent_until_it_has_arrived() {
        let (mut sheet, mut drafts) = two_units();
        assert!(drafts.next(&sheet).is_none());
        write(&mut sheet, 1, 0, 2_000);
        let (plan, draft) = drafts.next(&sheet).unwrap();
        assert_eq!((plan, draft.unit.as_str(), draft.revision), (1, "U001", 1));
        assert_eq!(draft.fields().get("points"), "2000;1000|0;0");
        write(&mut sheet, 1, 1, 3_000);
        drafts.has_arrived(plan, draft.points, 2);
        assert_eq!(drafts.next(&sheet).unwrap().1.revision, 2, "changed meanwhile");
        sheet.undo();
        assert!(drafts.is_all_saved(&sheet), "undone to what the server has");
    }

    #[test]
    fn an_overtaken_plan_waits_until_both_states_are_put_together() {
        let (mut sheet, mut drafts) = two_units();
        write(&mut sheet, 0, 0, 2_000);
        let points = with(Points::unpack("1000;1000|0;0", 2).unwrap(), 1, 5_000);
        drafts.was_overtaken(0, Theirs { points, revision: 7, by: "Ala".to_owned() });
        assert_eq!(drafts.next(&sheet), None);
        let merge = drafts.merged(0, &sheet).unwrap();
        assert_eq!(merge.conflicts, []);
        drafts.build_on_theirs(0);
        sheet.apply(sheet.replace(0, &merge.points));
        let (_, draft) = drafts.next(&sheet).unwrap();
        assert_eq!((draft.revision, draft.fields().get("points").to_owned()), (7, "2000;5000|0;0".to_owned()));
    }

    #[test]
    fn a_kept_draft_survives_a_reload_and_tells_who_else_was_there() {
        let (mut sheet, drafts) = two_units();
        write(&mut sheet, 0, 0, 2_000);
        let kept = drafts.keep(0, &sheet);
        let (fresh, mut again) = two_units();
        assert_eq!(again.restore(0, &kept, &fresh), Restored::Points(sheet.plans()[0].points.clone()));
        assert!(again.overtaken().is_none());
        let other = Kept { revision: 0, ..kept.clone() };
        let (fresh, mut again) = two_units();
        assert!(matches!(again.restore(0, &other, &fresh), Restored::Points(_)));
        assert_eq!(again.overtaken().map(|(plan, theirs)| (plan, theirs.revision)), Some((0, 1)));
        let closed = |sheet: &Sheet| {
            let mut view = view(Layout::Units, 2, &["00–01", "01–02"], "1000;1000|0;0", None);
            view.plans.iter_mut().for_each(|plan| plan.is_open = false);
            let (closed, _) = lay_out(&view, Series::Pplan, Lang::Pl).unwrap();
            assert_eq!(closed.plans()[0].points, sheet.plans()[0].points);
            closed
        };
        assert_eq!(again.restore(0, &kept, &closed(&fresh)), Restored::Late);
    }

    #[test]
    fn a_kept_draft_in_quarters_asks_for_a_page_in_quarters() {
        let (sheet, mut drafts) = two_units();
        for last in ["1000;1000;1000;5000", "500;1500;1000;1000"] {
            let quarters = format!("1000;1000;1000;1000;{last}|0;0;0;0;0;0;0;0");
            let kept = Kept { resolution: Resolution::Quarter, revision: 1, base: quarters.clone(), points: quarters };
            assert_eq!(drafts.restore(0, &kept, &sheet), Restored::Finer(Resolution::Quarter), "{last}");
        }
        assert!(drafts.is_all_saved(&sheet), "and nothing of it is lost or sent");
    }

    #[test]
    fn a_kept_draft_in_hours_goes_on_in_quarters_beside_what_changed_there() {
        let (mut sheet, drafts) = two_units();
        write(&mut sheet, 0, 0, 2_000);
        let kept = drafts.keep(0, &sheet);
        let labels = ["00 A", "00 B", "00 C", "00 D", "01 A", "01 B", "01 C", "01 D"];
        let packed = "1000;1000;1000;1000;1000;1000;1000;5000|0;0;0;0;0;0;0;0";
        let mut view = view(Layout::Units, 1, &labels, packed, None);
        (view.plans[0].resolution, view.plans[0].revision) = (Resolution::Quarter, 2);
        let (mut fresh, _) = lay_out(&view, Series::Pplan, Lang::Pl).unwrap();
        let mut again = Drafts::new(&view, &fresh);
        let Restored::Points(points) = again.restore(0, &kept, &fresh) else { panic!("it is as it was kept") };
        fresh.apply(fresh.replace(0, &points));
        let merge = again.merged(0, &fresh).unwrap();
        assert_eq!(merge.conflicts, []);
        assert_eq!(merge.points.pack(), "2000;2000;2000;2000;1000;1000;1000;5000|0;0;0;0;0;0;0;0");
    }
}
