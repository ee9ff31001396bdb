//! The closed vocabularies of the model: each value has one code, one key in files and one word on screen.

/// A closed list of words that a column may hold; the code is the index in `ALL`.
pub trait Vocabulary: Copy + Eq + 'static {
    /// Every value, in the order of the codes.
    const ALL: &'static [Self];

    /// How files and queries write it.
    fn key(self) -> &'static str;

    /// The value of a stored code.
    fn from_code(code: u32) -> Option<Self> {
        Self::ALL.get(code as usize).copied()
    }

    /// The stored code.
    fn code(self) -> u32 {
        Self::ALL.iter().position(|value| *value == self).unwrap_or(0) as u32
    }

    /// The value of a key; letter case, spaces and hyphens do not matter.
    fn parse(text: &str) -> Option<Self> {
        let plain = text.trim().to_ascii_lowercase().replace([' ', '-'], "_");
        Self::ALL.iter().copied().find(|value| value.key() == plain)
    }
}

macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $value:ident = $key:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* $value,)+ }

        impl Vocabulary for $name {
            const ALL: &'static [Self] = &[$(Self::$value,)+];

            fn key(self) -> &'static str {
                match self { $(Self::$value => $key,)+ }
            }
        }
    };
}

vocabulary! {
    /// What a record is.
    Kind {
        /// Something happened.
        Event = "event",
        /// Somebody stated something.
        Claim = "claim",
    }
}

vocabulary! {
    /// What kind of number a quantity is. Only counts and amounts are ever summed.
    Measure {
        /// So many things or people.
        Count = "count",
        /// Tonnes, barrels, money.
        Amount = "amount",
        /// A part of a whole, in percent.
        Share = "share",
        /// So many per something.
        Rate = "rate",
        /// Anything else, such as metres.
        Other = "other",
    }
}

vocabulary! {
    /// How the number was qualified.
    Qualifier {
        /// The number as such.
        Exact = "exact",
        /// About, around, approximately.
        About = "about",
        /// This many or more.
        AtLeast = "at_least",
        /// This many or fewer.
        AtMost = "at_most",
        /// From low to high.
        Range = "range",
    }
}

vocabulary! {
    /// What the number covers.
    Basis {
        /// Happened during the record's time.
        Increment = "increment",
        /// Everything from a start up to the as-of date; can only grow.
        Total = "total",
        /// Present at the as-of date; may fall.
        Level = "level",
    }
}

vocabulary! {
    /// How a record stands.
    Status {
        /// Passed on.
        Reported = "reported",
        /// An official or analytical estimate.
        Assessed = "assessed",
        /// Acknowledged by the actor itself, or confirmed in so many words.
        Confirmed = "confirmed",
        /// Contradicted in so many words.
        Denied = "denied",
        /// Not yet; a forecast or a plan.
        Expected = "expected",
        /// Taken back.
        Retracted = "retracted",
        /// No longer in a newer release: nobody said why.
        Removed = "removed",
    }
}

vocabulary! {
    /// Who a source is.
    SourceKind {
        /// A government or its ministry.
        Government = "government",
        /// Armed forces.
        Military = "military",
        /// An intelligence service.
        Intelligence = "intelligence",
        /// A news agency.
        Agency = "agency",
        /// A publisher.
        Outlet = "outlet",
        /// A non-governmental organisation.
        Ngo = "ngo",
        /// A person.
        Person = "person",
        /// An international organisation.
        International = "international",
    }
}

vocabulary! {
    /// An ICD 203 likelihood band.
    Likelihood {
        /// 1 to 5 percent: almost no chance, remote.
        AlmostNoChance = "almost_no_chance",
        /// 5 to 20 percent: very unlikely, highly improbable.
        VeryUnlikely = "very_unlikely",
        /// 20 to 45 percent: unlikely, improbable.
        Unlikely = "unlikely",
        /// 45 to 55 percent: roughly even chance.
        RoughlyEven = "roughly_even",
        /// 55 to 80 percent: likely, probable.
        Likely = "likely",
        /// 80 to 95 percent: very likely, highly probable.
        VeryLikely = "very_likely",
        /// 95 to 99 percent: almost certain, nearly certain.
        AlmostCertain = "almost_certain",
    }
}

impl Likelihood {
    /// The band in percent.
    pub fn percent(self) -> (u8, u8) {
        match self {
            Self::AlmostNoChance => (1, 5),
            Self::VeryUnlikely => (5, 20),
            Self::Unlikely => (20, 45),
            Self::RoughlyEven => (45, 55),
            Self::Likely => (55, 80),
            Self::VeryLikely => (80, 95),
            Self::AlmostCertain => (95, 99),
        }
    }

    /// The band of a hedge that is exactly one of the words of ICD 203.
    pub fn from_hedge(hedge: &str) -> Option<Self> {
        Some(match hedge.trim().to_ascii_lowercase().as_str() {
            "almost no chance" | "remote" => Self::AlmostNoChance,
            "very unlikely" | "highly improbable" => Self::VeryUnlikely,
            "unlikely" | "improbable" => Self::Unlikely,
            "roughly even" | "roughly even chance" | "roughly even odds" => Self::RoughlyEven,
            "likely" | "probable" | "probably" => Self::Likely,
            "very likely" | "highly probable" => Self::VeryLikely,
            "almost certain" | "almost certainly" | "nearly certain" => Self::AlmostCertain,
            _ => return None,
        })
    }
}

vocabulary! {
    /// How reliable a source is (Admiralty), where somebody rated it.
    Reliability {
        /// Completely reliable.
        A = "a",
        /// Usually reliable.
        B = "b",
        /// Fairly reliable.
        C = "c",
        /// Not usually reliable.
        D = "d",
        /// Unreliable.
        E = "e",
        /// Cannot be judged; not the worst.
        F = "f",
    }
}

impl Reliability {
    /// The words of the scale.
    pub fn words(self) -> &'static str {
        match self {
            Self::A => "completely reliable",
            Self::B => "usually reliable",
            Self::C => "fairly reliable",
            Self::D => "not usually reliable",
            Self::E => "unreliable",
            Self::F => "cannot be judged",
        }
    }
}

vocabulary! {
    /// How credible one record is (Admiralty), where somebody rated it.
    Credibility {
        /// Confirmed by other sources.
        C1 = "1",
        /// Probably true.
        C2 = "2",
        /// Possibly true.
        C3 = "3",
        /// Doubtful.
        C4 = "4",
        /// Improbable.
        C5 = "5",
        /// Cannot be judged; not the worst.
        C6 = "6",
    }
}

impl Credibility {
    /// The words of the scale.
    pub fn words(self) -> &'static str {
        match self {
            Self::C1 => "confirmed by other sources",
            Self::C2 => "probably true",
            Self::C3 => "possibly true",
            Self::C4 => "doubtful",
            Self::C5 => "improbable",
            Self::C6 => "cannot be judged",
        }
    }
}
