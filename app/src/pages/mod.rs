//! Pages, one a file: what is asked of the server, and how it looks. No rules.
//!
//! The browser downloads them in groups: the sign-in page with the frame, the other pages of the way in, and the office.

/// A group of pages whose code arrives in one download, when the first of them is opened.
macro_rules! lazy_group {
    ($load:ident: $($page:ident => $component:path),+ $(,)?) => {
        /// The pages of the group.
        #[derive(Clone, Copy)]
        enum Page {
            $($page,)+
        }

        #[leptos::lazy]
        fn $load(page: Page) -> leptos::prelude::AnyView {
            use leptos::prelude::IntoAny;
            match page {
                $(Page::$page => $component().into_any(),)+
            }
        }

        $(
            #[doc = concat!("Route of [`", stringify!($component), "`].")]
            pub struct $page;

            impl leptos_router::LazyRoute for $page {
                fn data() -> Self {
                    Self
                }

                async fn view(_: Self) -> leptos::prelude::AnyView {
                    $load(Page::$page).await
                }
            }
        )+
    };
}

pub mod access;
pub mod chooser;
pub mod not_found;
pub mod office;
