//! The macros for [`super`]: an accessor from the kind of its property, a view from its properties.

/// The name of a property: that of the accessor, unless it is a keyword of Rust.
macro_rules! name {
    ($property:ident) => {
        stringify!($property)
    };
    ($property:ident $raw:literal) => {
        $raw
    };
}

/// One accessor, by the kind of the property.
macro_rules! accessor {
    (text $property:ident $($raw:literal)?) => {
        #[doc = concat!("The text of `", name!($property $($raw)?), "`, which is required.")]
        pub fn $property(self) -> &'a str {
            self.0.text(name!($property $($raw)?)).unwrap_or_default()
        }
    };
    (maybe $property:ident $($raw:literal)?) => {
        #[doc = concat!("The text of `", name!($property $($raw)?), "`; `None` when it is left out.")]
        pub fn $property(self) -> Option<&'a str> {
            self.0.text(name!($property $($raw)?))
        }
    };
    (texts $property:ident $($raw:literal)?) => {
        #[doc = concat!("The texts in `", name!($property $($raw)?), "`; nothing when it is left out.")]
        pub fn $property(self) -> impl Iterator<Item = &'a str> {
            self.0.list(name!($property $($raw)?)).filter_map(Value::as_str)
        }
    };
    (maps $property:ident $($raw:literal)?) => {
        #[doc = concat!("The objects in `", name!($property $($raw)?), "`; nothing when it is left out.")]
        pub fn $property(self) -> impl Iterator<Item = &'a Map<String, Value>> {
            self.0.list(name!($property $($raw)?)).filter_map(Value::as_object)
        }
    };
    (map $property:ident $($raw:literal)?) => {
        #[doc = concat!("The inner object `", name!($property $($raw)?), "`; `None` when it is left out.")]
        pub fn $property(self) -> Option<&'a Map<String, Value>> {
            self.0.get(name!($property $($raw)?)).and_then(Value::as_object)
        }
    };
    (time $property:ident $($raw:literal)?) => {
        #[doc = concat!("The time `", name!($property $($raw)?), "`; `None` when it is left out.")]
        pub fn $property(self) -> Option<Timestamp> {
            self.0.time(name!($property $($raw)?))
        }
    };
    (flag $property:ident $($raw:literal)?) => {
        #[doc = concat!("The boolean `", name!($property $($raw)?), "`; `None` when it is left out.")]
        pub fn $property(self) -> Option<bool> {
            self.0.get(name!($property $($raw)?)).and_then(Value::as_bool)
        }
    };
    (integer $property:ident $($raw:literal)?) => {
        #[doc = concat!("The integer `", name!($property $($raw)?), "`; `None` when it is left out.")]
        pub fn $property(self) -> Option<i64> {
            self.0.get(name!($property $($raw)?)).and_then(crate::check::whole)
        }
    };
    (number $property:ident $($raw:literal)?) => {
        #[doc = concat!("The number `", name!($property $($raw)?), "`; `None` when it is left out.")]
        pub fn $property(self) -> Option<f64> {
            self.0.get(name!($property $($raw)?)).and_then(Value::as_f64)
        }
    };
}

macro_rules! views {
    ($($(#[$about:meta])* $view:ident = $type:literal {
        $($property:ident $(= $raw:literal)? : $kind:ident,)*
    })*) => {
        $(
            $(#[$about])*
            #[derive(Debug, Clone, Copy)]
            pub struct $view<'a>(&'a Object);

            impl<'a> $view<'a> {
                /// The whole object, with the properties that the view has no accessor for.
                pub fn object(self) -> &'a Object {
                    self.0
                }

                $(accessor!($kind $property $($raw)?);)*
            }

            impl<'a> TryFrom<&'a Object> for $view<'a> {
                type Error = OfOtherType;

                fn try_from(object: &'a Object) -> Result<$view<'a>, OfOtherType> {
                    let fits = object.id().type_name() == $type;
                    if fits { Ok($view(object)) } else { Err(OfOtherType { expected: $type }) }
                }
            }
        )*

        /// The view of an object, by its type.
        #[derive(Debug, Clone, Copy)]
        #[non_exhaustive]
        pub enum View<'a> {
            $($(#[$about])* $view($view<'a>),)*
            /// An object of a type that the standard does not define.
            Custom(&'a Object),
        }

        impl Object {
            /// The view for the object's type.
            pub fn view(&self) -> View<'_> {
                match self.id().type_name() {
                    $($type => View::$view($view(self)),)*
                    _ => View::Custom(self),
                }
            }
        }

        /// Each type with its properties and the kinds of their accessors.
        #[cfg(test)]
        const TABLE: &[(&str, &[(&str, &str)])] =
            &[$(($type, &[$((name!($property $($raw)?), stringify!($kind))),*])),*];
    };
}
