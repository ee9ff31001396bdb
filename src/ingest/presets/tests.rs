//! What small tables in the shape of each known dataset become: records with dates, numbers, chains and articles, and issues.

#![allow(clippy::needless_raw_string_hashes, reason = "expected texts are written so by the tests themselves")]

use std::fmt::Write as _;

use expect_test::{Expect, expect};

use crate::data::{ArticleId, Dataset, Field, Row};
use crate::ingest::{Input, Options, SavedMapping, examine, load};
use crate::time::edtf_from_when;
use crate::work::{Cancel, Progress};

fn read(name: &str, text: &str) -> Dataset {
    let input = Input::Bytes { name: name.to_owned(), bytes: text.as_bytes().into() };
    load(&input, &Options::default(), &mut |_| {}, &Cancel::default(), &Progress::default()).unwrap()
}

fn article(dataset: &Dataset, id: ArticleId) -> String {
    let article = &dataset.articles[id.0 as usize];
    let publisher = article.publisher.map_or("", |source| dataset.sources[source.0 as usize].name.as_str());
    let published = article.published.as_ref().map_or("", |(text, _)| text.as_str());
    let title = article.title.as_deref().unwrap_or("");
    let text = format!("{} [{publisher}; {published}; {title}]", article.url.as_deref().unwrap_or("-"));
    if article.related.is_empty() { text } else { format!("{text} +{}", article.related.len()) }
}

fn record(dataset: &Dataset, row: Row) -> String {
    let records = &dataset.records;
    let mut line = records.address(row);
    let shown = |field: Field| records.display(field, row).unwrap_or_default();
    for (field, key) in [(Field::WHEN, "when"), (Field::AS_OF, "as of"), (Field::PUBLISHED, "published")] {
        let (when, text) = (records.when(field, row).map(|when| edtf_from_when(&when)), shown(field));
        match when {
            Some(when) if when == text || text.is_empty() => write!(line, " | {key} {when}").unwrap(),
            Some(when) => write!(line, " | {key} {when} “{text}”").unwrap(),
            None if !text.is_empty() => write!(line, " | {key} “{text}”").unwrap(),
            None => {}
        }
    }
    let own = [Field::TITLE, Field::FROM, Field::TO, Field::CATEGORY, Field::PLACE, Field::LAT, Field::LON, Field::NOTE, Field::EVENT_ID];
    for field in own.into_iter().filter(|field| !shown(*field).is_empty()) {
        write!(line, " | {} {}", Field::OWN[usize::from(field.0)].1, shown(field)).unwrap();
    }
    if let Some(quantity) = records.quantity(row) {
        let number = |number: Option<f64>| number.map_or_else(|| "?".to_owned(), |number| number.to_string());
        write!(line, " | {} {}", quantity.metric, number(quantity.value)).unwrap();
        if quantity.low.is_some() || quantity.high.is_some() {
            write!(line, " ({}..{})", number(quantity.low), number(quantity.high)).unwrap();
        }
        let words = [Field::QUALIFIER, Field::BASIS, Field::UNIT, Field::ITEM].map(shown);
        for word in words.iter().filter(|word| !word.is_empty()) {
            write!(line, " {word}").unwrap();
        }
    }
    let chain: Vec<&str> = dataset.chain_sources(row).iter().map(|source| dataset.sources[source.0 as usize].name.as_str()).collect();
    if !chain.is_empty() {
        write!(line, " | by {}", chain.join(" < ")).unwrap();
    }
    if let Some(id) = records.article(row) {
        write!(line, " | in {}", article(dataset, id)).unwrap();
    }
    line
}

/// What a file in the shape of a preset becomes; by a mapping that was written of it, it becomes the same.
fn golden(name: &str, text: &str, expected: &Expect) {
    let told = told(&read(name, text));
    expected.assert_eq(&told);
    assert_eq!(self::told(&by_mapping(name, text)), told, "by a mapping of its own");
}

/// The file read by the mapping that is written of it, as a mapping file holds it.
fn by_mapping(name: &str, text: &str) -> Dataset {
    let input = Input::Bytes { name: name.to_owned(), bytes: text.as_bytes().into() };
    let seen = examine(&input, &Options::default(), &Cancel::default()).unwrap();
    let written = SavedMapping { name: String::new(), options: seen.as_chosen(&Options::default()) }.to_text().unwrap();
    let mapping = SavedMapping::of_text(&written).unwrap_or_else(|error| panic!("{error} in {written}"));
    load(&input, &mapping.options, &mut |_| {}, &Cancel::default(), &Progress::default()).unwrap()
}

/// A dataset as text: its preset, its records, the names of its further fields, and its issues.
fn told(dataset: &Dataset) -> String {
    let origin = &dataset.origin;
    let mut text = format!(
        "{} by {}, {} rows, {} skipped\n",
        origin.preset.as_deref().unwrap_or("-"),
        origin.counter.as_deref().unwrap_or("-"),
        origin.rows,
        origin.skipped
    );
    for row in 0..dataset.records.len() as Row {
        writeln!(text, "{}", record(dataset, row)).unwrap();
    }
    let mut extras = String::new();
    for info in dataset.records.extra_fields().filter(|info| info.present > 0) {
        let first = (0..dataset.records.len() as Row).find_map(|row| dataset.records.display(info.field, row)).unwrap_or_default();
        write!(extras, "{}={first}; ", info.key).unwrap();
    }
    writeln!(text, "also {}", extras.trim_end()).unwrap();
    for issue in &dataset.issues.list {
        let line = issue.line.map_or_else(String::new, |line| format!(" line {line}"));
        let column = issue.column.as_deref().map_or_else(String::new, |column| format!(" {column}"));
        writeln!(text, "{}{line}{column} “{}”: {}; {}", issue.kind.key(), issue.value, issue.message, issue.action).unwrap();
    }
    text
}

#[test]
fn ucdp_with_a_tag_row_vague_dates_reports_and_a_low_above_best() {
    golden(
        "conflict.csv",
        "id,type_of_violence,date_prec,date_start,date_end,side_a,side_b,where_coordinates,adm_1,country,latitude,longitude,best,low,high,source_article,source_office,source_original\r\n\
         #id,#type,#prec,#date+start,#date+end,#a,#b,#loc,#adm1,#country,#lat,#lon,#b,#l,#h,#src,#src,#src\r\n\
         369.0,1,1,2020-03-01,2020-03-01,Army,Rebels,Northtown,North,Land,1.5,30.25,3,4,5,\"\"\"Agency A,2020-03-02,Three dead; more hurt\"\";\"\"Daily B,2020-03-05,Clash\"\"\",Agency A,Hospital\r\n\
         370.0,3,4,2020-04-01,2020-04-30,Army,Civilians,,North,Land,1.5,30.25,0,0,2,,Agency A;Daily B,\r\n",
        &expect![[r#"
            ucdp_ged by UCDP GED, 2 rows, 1 skipped
            369.0 | when 2020-03-01 | published 2020-03-05 | title Army – Rebels, Northtown | from Army | to Rebels | category state-based | place Northtown | lat 1.5 | lon 30.25 | killed 3 (4..5) increment persons | by Agency A < Hospital | in - [Agency A; 2020-03-02; Three dead; more hurt] +1
            370.0 | when 2020-04 | title Army – Civilians | from Army | to Civilians | category one-sided | place North | lat 1.5 | lon 30.25 | killed 0 (0..2) increment persons | by Agency A | in - [Agency A; ; ] +1
            also date_prec=1; adm_1=North; country=Land; source_article="Agency A,2020-03-02,Three dead; more hurt";"Daily B,2020-03-05,Clash"; source_office=Agency A; source_original=Hospital;
            low_above_value line 3 low “4”: low 4, best 3, high 5; kept as given
        "#]],
    );
}

#[test]
fn acled_in_upper_case_with_an_index_and_dates_that_stand_for_weeks_and_months() {
    golden(
        "africa.csv",
        ",DATA_ID,EVENT_ID_CNTY,EVENT_DATE,TIME_PRECISION,EVENT_TYPE,SUB_EVENT_TYPE,ACTOR1,ACTOR2,COUNTRY,ADMIN1,LOCATION,LATITUDE,LONGITUDE,SOURCE,SOURCE_SCALE,NOTES,FATALITIES\n\
         0,11,LND1,31 January 2015,1,Battles,Armed clash,Army,Rebels,Land,North,Northtown,1.5,30.25,Agency A; Daily B,National,Two died.,2\n\
         1,12,LND2,14 January 2015,2,Protests,Peaceful protest,Protesters,,Land,North,,,,Daily B,National,A march.,0\n\
         2,13,LND3,15 January 2015,3,Riots,Mob violence,,,Land,,,,,,National,Unrest.,-99\n",
        &expect![[r#"
            acled by ACLED, 3 rows, 0 skipped
            LND3 | when 2015-01 | title Mob violence | category Riots | place Land | note Unrest. | killed ? increment persons
            LND2 | when [2015-01-12..2015-01-18] | title Protesters | from Protesters | category Protests | place North | note A march. | killed 0 increment persons | by Daily B
            LND1 | when 2015-01-31 “31 January 2015” | title Army – Rebels, Northtown | from Army | to Rebels | category Battles | place Northtown | lat 1.5 | lon 30.25 | note Two died. | killed 2 increment persons | by Agency A | in - [Agency A; ; ] +1
            also column 1=2; DATA_ID=13; TIME_PRECISION=3; SUB_EVENT_TYPE=Mob violence; COUNTRY=Land; ADMIN1=North; SOURCE=Daily B; SOURCE_SCALE=National; EVENT_DATE (as given)=15 January 2015; FATALITIES (as given)=-99;
            implausible_number line 4 FATALITIES “-99”: a count cannot be below zero; not counted; the text is kept beside
        "#]],
    );
}

#[test]
fn acled_dates_are_written_in_three_ways() {
    for date in ["2015-01-31", "31 January 2015", "01-February-2015"] {
        let text = format!(
            "event_date,event_type,sub_event_type,fatalities,location\n{date},Battles,Armed clash,1,X\n{date},Battles,Armed clash,2,Y\n"
        );
        let dataset = read("a.csv", &text);
        assert_eq!(dataset.records.dated(), 2, "{date}");
        assert_eq!(dataset.issues.total(), 0, "{date}: {:?}", dataset.issues.list);
    }
}

/// A row of GDELT of so many columns.
fn gdelt_row(id: u32, columns: usize) -> String {
    let geo =
        if columns == 61 { "4\tNorthtown, Land\tLD\tLD01\t77\t1.5\t30.25\t-1" } else { "4\tNorthtown, Land\tLD\tLD01\t1.5\t30.25\t-1" };
    let added = if columns == 61 { "20240102031500" } else { "20240102" };
    let actor = "\t\t\t\t\t\t\t";
    let mut row = format!(
        "{id}\t20240101\t202401\t2024\t2024.0027\tGOV\tPRESIDENT\t{actor}\tREB\tREBELS\t{actor}\t1\t043\t043\t04\t1\t2.8\t5\t1\t5\t-4.5\t{geo}\t{geo}\t{geo}\t{added}"
    );
    if columns > 57 {
        write!(row, "\thttps://a.example/{id}").unwrap();
    }
    assert_eq!(row.split('\t').count(), columns);
    row
}

#[test]
fn gdelt_without_a_header_whatever_its_name_says() {
    let text = format!("{}\n{}\n", gdelt_row(410_000_001, 61), gdelt_row(410_000_002, 61));
    golden(
        "20240102031500.export.csv",
        &text,
        &expect![[r#"
            gdelt by GDELT, 2 rows, 0 skipped
            410000001 | when 2024-01-01 | published 2024-01-02T03:15:00Z | title PRESIDENT – REBELS: consult, Northtown, Land | from PRESIDENT | to REBELS | category consult | place Northtown, Land | lat 1.5 | lon 30.25 | in https://a.example/410000001 [; 2024-01-02T03:15:00Z; ]
            410000002 | when 2024-01-01 | published 2024-01-02T03:15:00Z | title PRESIDENT – REBELS: consult, Northtown, Land | from PRESIDENT | to REBELS | category consult | place Northtown, Land | lat 1.5 | lon 30.25 | in https://a.example/410000002 [; 2024-01-02T03:15:00Z; ]
            also MonthYear=202401; Year=2024; FractionDate=2024.0027; Actor1Code=GOV; Actor2Code=REB; IsRootEvent=1; EventCode=043; EventBaseCode=043; QuadClass=1; GoldsteinScale=2.8; NumMentions=5; NumSources=1; NumArticles=5; AvgTone=-4.5; Actor1Geo_Type=4; Actor1Geo_FullName=Northtown, Land; Actor1Geo_CountryCode=LD; Actor1Geo_ADM1Code=LD01; Actor1Geo_ADM2Code=77; Actor1Geo_Lat=1.5; Actor1Geo_Long=30.25; Actor1Geo_FeatureID=-1; Actor2Geo_Type=4; Actor2Geo_FullName=Northtown, Land; Actor2Geo_CountryCode=LD; Actor2Geo_ADM1Code=LD01; Actor2Geo_ADM2Code=77; Actor2Geo_Lat=1.5; Actor2Geo_Long=30.25; Actor2Geo_FeatureID=-1; ActionGeo_Type=4; ActionGeo_CountryCode=LD; ActionGeo_ADM1Code=LD01; ActionGeo_ADM2Code=77; ActionGeo_FeatureID=-1;
        "#]],
    );
    for columns in [57, 58] {
        let dataset = read("old.csv", &format!("{}\n{}\n", gdelt_row(1, columns), gdelt_row(2, columns)));
        assert_eq!(dataset.origin.preset.as_deref(), Some("gdelt"), "{columns}");
        assert_eq!(dataset.records.str(Field::PLACE, 0), Some("Northtown, Land"), "{columns}");
        assert_eq!(dataset.articles.len(), if columns == 58 { 2 } else { 0 }, "{columns}");
    }
}

#[test]
fn viina_dates_are_those_of_the_reports() {
    golden(
        "event_info.csv",
        "event_id,report_id,date,time,source,url,text,lang,asciiname,ADM1_NAME,longitude,latitude,t_mil,a_rus\n\
         1,501,20230103,14:05,unian|ria,https://a.example/1|https://b.example/2,Вибух на складі,ua,Northtown,North,30.25,1.5,0.9,0.8\n\
         2,502,20230104,,unian,https://a.example/3,Тиша,ua,,North,,,0.1,0.2\n",
        &expect![[r#"
            viina by VIINA, 2 rows, 0 skipped
            1 | when 2023-01-03T14:05Z | published 2023-01-03T14:05Z | title Вибух на складі | place Northtown | lat 1.5 | lon 30.25 | by unian | in https://a.example/1 [unian; 2023-01-03T14:05Z; Вибух на складі] +1
            2 | when 2023-01-04 | published 2023-01-04 | title Тиша | place North | by unian | in https://a.example/3 [unian; 2023-01-04; Тиша]
            also report_id=501; source=unian|ria; url=https://a.example/1|https://b.example/2; lang=ua; ADM1_NAME=North; t_mil=0.9; a_rus=0.8;
            assumption date “”: no column says when it happened, only when it was published or recorded; records stand at that date
        "#]],
    );
}

#[test]
fn the_sipri_register_has_deals_estimates_and_years_of_delivery() {
    golden(
        "trade-register.csv",
        "Transfers of major weapons: deals made for 2010 to 2020;\n\
         Source: an invented register;\n\
         \n\
         Recipient,Supplier,Year of order,,Number ordered,,Weapon designation,Weapon description,Number delivered,,Year(s) of delivery,status,Comments;\n\
         Land,Realm,2014,,12,?,T-1,Tank,12,,2015 (4); 2016 (8),New,In two lots;\n\
         Land,Realm,2017,?,(20),,K-2,Missile,18,?,2018-2019,New,;\n\
         Isle,Realm,2020,,3,,S-3,Ship,,,,New,Not yet;\n",
        &expect![[r#"
            sipri_register by SIPRI, 3 rows, 3 skipped
            @1:ordered | when 2014 | title T-1, Tank, Land | from Realm | to Land | category Tank | note In two lots | event_id @1 | ordered 12 about increment T-1
            @1 | when 2015 | title T-1, Tank, Land | from Realm | to Land | category Tank | note In two lots | event_id @1 | delivered 4 increment T-1
            @1:delivered:2 | when 2016 | title T-1, Tank, Land | from Realm | to Land | category Tank | note In two lots | event_id @1 | delivered 8 increment T-1
            @2:ordered | when 2017 | title K-2, Missile, Land | from Realm | to Land | category Missile | event_id @2 | ordered 20 about increment K-2
            @2 | when 2018/2019 | title K-2, Missile, Land | from Realm | to Land | category Missile | event_id @2 | delivered 18 about increment K-2
            @3 | when 2020 | title S-3, Ship, Isle | from Realm | to Isle | category Ship | note Not yet | ordered 3 increment S-3
            also column 4=?; Year(s) of delivery=2015 (4); 2016 (8); status_column=New;
        "#]],
    );
    golden(
        "register.csv",
        "Supplier,Recipient,Designation,Description,Armament category,Order date,Numbers delivered,Numbers delivered is estimate,Delivery year,Delivery year is estimate\n\
         Realm,Land,T-1,Tank,Armoured vehicles,2014,4,False,2015,False\n\
         Realm,Land,T-1,Tank,Armoured vehicles,2014,8,True,2016,False\n",
        &expect![[r#"
            sipri_register by SIPRI, 2 rows, 0 skipped
            @1 | when 2015 | title T-1, Tank, Land | from Realm | to Land | category Armoured vehicles | delivered 4 increment T-1
            @2 | when 2016 | title T-1, Tank, Land | from Realm | to Land | category Armoured vehicles | delivered 8 about increment T-1
            also Description=Tank; Delivery year=2015; Delivery year is estimate=False;
        "#]],
    );
}

#[test]
fn oryx_dates_say_when_a_loss_was_recorded() {
    golden(
        "event_captured.csv",
        "country,origin,system,status,url,date_recorded,sysID,imageID,statusID,matID\n\
         Land,Realm,'Kite-2' reconnaissance UAV,captured,https://a.example/1.jpg,2022-05-23,2,3,2,7-232\n\
         Land,Realm,(Unknown) truck,captured,https://a.example/2.jpg,2022-06-29,3,40,2,7-3402\n",
        &expect![[r#"
            oryx by Oryx, 2 rows, 0 skipped
            7-232 | when 2022-05-23 | published 2022-05-23 | title 'Kite-2' reconnaissance UAV, captured | from Land | category captured | in https://a.example/1.jpg [; 2022-05-23; ]
            7-3402 | when 2022-06-29 | published 2022-06-29 | title (Unknown) truck, captured | from Land | category captured | in https://a.example/2.jpg [; 2022-06-29; ]
            also origin=Realm; system='Kite-2' reconnaissance UAV; sysID=2; imageID=3; statusID=2;
            assumption date_recorded “”: no column says when it happened, only when it was published or recorded; records stand at that date
        "#]],
    );
}

#[test]
fn daily_totals_are_melted_and_a_series_that_falls_to_zero_for_good_has_ended() {
    let mut text = String::from("Date,Day,Tanks,Personnel,Recovered,Rate\n");
    for day in 0_i32..40 {
        let (tanks, personnel) = (day * day / 10, if day == 25 { 500 } else { 1_000 + day * day * 7 });
        let recovered = if day < 30 { day * 3 + day % 2 } else { 0 };
        writeln!(text, "{},{},{tanks},{personnel},{recovered},{}", crate::time::format_iso_day(day_of(day)), day + 1, (day * 37) % 11)
            .unwrap();
    }
    let dataset = read("losses.csv", &text);
    assert_eq!(dataset.origin.preset.as_deref(), Some("daily_totals"));
    let of =
        |metric: &str| (0..dataset.records.len() as Row).filter(|row| dataset.records.str(Field::METRIC, *row) == Some(metric)).count();
    assert_eq!((of("tanks"), of("personnel"), of("recovered"), dataset.records.len()), (40, 40, 30, 110));
    let basis = |row: Row| dataset.records.quantity(row).and_then(|quantity| quantity.basis);
    assert!((0..110).all(|row| basis(row) == Some(crate::data::Basis::Total)));
    let extras: Vec<&str> = dataset.records.extra_fields().map(|info| info.key.as_str()).collect();
    assert_eq!(extras, ["Day", "Rate"]);
    let said: Vec<String> =
        dataset.issues.list.iter().map(|issue| format!("{:?}: {}; {}", issue.column, issue.message, issue.action)).collect();
    expect![[r#"
        Some("Tanks"): the numbers hardly ever fall from day to day; taken as running totals, which are not added up
        Some("Personnel"): the numbers hardly ever fall from day to day; taken as running totals, which are not added up
        Some("Recovered"): the numbers hardly ever fall from day to day; taken as running totals, which are not added up
        Some("Recovered"): the total falls to 0 after 2020-03-24 and stays there; taken as the end of the series; the zeros are no numbers"#]].assert_eq(&said.join("\n"));
}

#[test]
fn sources_that_differ_in_letter_case_alone_are_one() {
    let rows = ["Night Watch", "night watch", "NIGHT WATCH", "Ärzte", "ärzte", "Day Watch"];
    let rows: Vec<String> = rows.iter().map(|source| format!("2020-01-05,Land,{source}")).collect();
    let dataset = read("reports.csv", &format!("date,place,source\n{}\n", rows.join("\n")));
    let names: Vec<&str> = dataset.sources.iter().map(|source| source.name.as_str()).collect();
    assert_eq!(names, ["Night Watch", "Ärzte", "Day Watch"]);
    let outlets: Vec<&str> = (0..6).filter_map(|row| dataset.records.str(Field::OUTLET, row)).collect();
    assert_eq!(outlets, ["Night Watch", "Night Watch", "Night Watch", "Ärzte", "Ärzte", "Day Watch"]);
}

#[test]
fn the_dead_of_an_illness_are_called_deaths_and_those_of_a_war_killed() {
    let metrics = |header: &str| {
        let row = |day: i32| {
            format!("{},{},{},{}", crate::time::format_iso_day(day_of(day)), 500 + day * day * 7, day * day / 3 + day, day * day / 9)
        };
        let rows: Vec<String> = (0..40).map(row).collect();
        let dataset = read("totals.csv", &format!("{header}\n{}\n", rows.join("\n")));
        assert_eq!(dataset.origin.preset.as_deref(), Some("daily_totals"));
        let records = &dataset.records;
        let mut metrics: Vec<String> = (0..3).filter_map(|row| records.str(Field::METRIC, row).map(str::to_owned)).collect();
        metrics.sort();
        metrics.join(" ")
    };
    assert_eq!(metrics("Date,Confirmed,Recovered,Deaths"), "confirmed deaths recovered");
    assert_eq!(metrics("Date,Tanks,Wounded,Deaths"), "killed tanks wounded");
    assert_eq!(metrics("Date,Cases,Wounded,Deaths"), "cases killed wounded");
}

fn day_of(day: i32) -> crate::time::Time {
    crate::time::Time::from_ymd(2020, 2, 24).unwrap().plus_us(i64::from(day) * crate::time::DAY_US)
}

#[test]
fn daily_totals_of_json_have_a_word_beside_the_number() {
    let rows: Vec<String> = (0_i32..30)
        .map(|day| {
            let date = crate::time::format_iso_day(day_of(day));
            let more = if day < 10 { format!(r#", "POW": {}"#, day / 3) } else { String::new() };
            let word = if day % 2 == 0 { "about" } else { "more" };
            format!(
                r#"{{"date": "{date}", "day": {}, "personnel": {}, "personnel*": "{word}"{more}, "tanks": {}}}"#,
                day + 2,
                2800 + day * day * 9,
                day * day
            )
        })
        .collect();
    let dataset = read("losses.json", &format!("[{}]", rows.join(",")));
    assert_eq!(dataset.origin.preset.as_deref(), Some("daily_totals"));
    let lines: Vec<String> = (0..6).map(|row| record(&dataset, row)).collect();
    expect![[r#"
        @1 | when 2020-02-24 | as of 2020-02-24 | event_id @1 | captured 0 total persons
        @1:personnel | when 2020-02-24 | as of 2020-02-24 | event_id @1 | personnel 2800 about total
        @1:tanks | when 2020-02-24 | as of 2020-02-24 | event_id @1 | tanks 0 total
        @2 | when 2020-02-25 | as of 2020-02-25 | event_id @2 | captured 0 total persons
        @2:personnel | when 2020-02-25 | as of 2020-02-25 | event_id @2 | personnel 2809 at_least total
        @2:tanks | when 2020-02-25 | as of 2020-02-25 | event_id @2 | tanks 1 total"#]]
    .assert_eq(&lines.join("\n"));
}

#[test]
fn timesketch_counts_by_their_size_and_the_zeros_of_systems_are_no_dates() {
    golden(
        "timeline.csv",
        "message,timestamp,datetime,timestamp_desc,host\n\
         seconds,1658689261,,Access,h1\n\
         milliseconds,1658689261123,,Access,h1\n\
         microseconds,1658689261123456,,Access,h1\n\
         nanoseconds,1658689261123456789,,Access,h1\n\
         both,123456789,2024-07-24T10:57:02.877297Z,Write,h2\n\
         zero of Windows,,1601-01-01T00:00:00+00:00,Write,h2\n\
         zero of Unix,0,,Write,h2\n",
        &expect![[r#"
            timesketch by timeline, 7 rows, 0 skipped
            @1 | when 2022-07-24T19:01:01Z | title seconds | category Access
            @2 | when 2022-07-24T19:01:01.123Z | title milliseconds | category Access
            @3 | when 2022-07-24T19:01:01.123456Z | title microseconds | category Access
            @4 | when 2022-07-24T19:01:01.123456Z “1658689261123456789” | title nanoseconds | category Access
            @5 | when 2024-07-24T10:57:02.877297Z | title both | category Write
            @6 | when “1601-01-01T00:00:00+00:00” | title zero of Windows | category Write
            @7 | when “0” | title zero of Unix | category Write
            also timestamp=1658689261; host=h1;
        "#]],
    );
    golden(
        "timeline.jsonl",
        "{\"message\": \"A\", \"timestamp\": 123456789, \"datetime\": \"2015-07-24T19:01:01+00:00\", \"timestamp_desc\": \"Write time\"}\n\
         {\"message\": \"B\", \"datetime\": \"1970-01-01T00:00:00Z\", \"timestamp_desc\": \"Write time\"}\n",
        &expect![[r#"
            timesketch by timeline, 2 rows, 0 skipped
            @1 | when 2015-07-24T19:01:01Z “2015-07-24T19:01:01+00:00” | title A | category Write time
            @2 | when “1970-01-01T00:00:00Z” | title B | category Write time
            also timestamp=123456789;
        "#]],
    );
}

#[test]
fn plaso_writes_three_kinds_of_tables() {
    golden(
        "l2t.csv",
        "date,time,timezone,MACB,source,sourcetype,type,user,host,short,desc,version,filename,inode,notes,format,extra\n\
         01/02/2022,07:52:33,UTC,M...,LOG,Log File,Content Modification Time,-,h1,Started,Started the job,2,OS:/a,-,-,text,-\n\
         07/04/2022,07:52:33,Europe/Kyiv,.A..,FILE,File stat,Last Access Time,-,h1,Read,Read a file,2,OS:/b,7,-,stat,-\n\
         00/00/0000,--:--:--,UTC,....,FILE,File stat,Not a time,-,h1,Undated,No date,2,OS:/c,7,-,stat,-\n",
        &expect![[r#"
            plaso by l2t, 3 rows, 0 skipped
            @1 | when 2022-01-02T07:52:33Z | title Started | category Content Modification Time | note Started the job
            @2 | when 2022-07-04T04:52:33Z | title Read | category Last Access Time | note Read a file
            @3 | title Undated | category Not a time | note No date
            also timezone=UTC; MACB=M...; source=LOG; sourcetype=Log File; user=-; host=h1; version=2; filename=OS:/a; inode=7; notes=-; format=text; extra=-;
        "#]],
    );
    golden(
        "dynamic.log",
        "datetime,timestamp_desc,source,source_long,message,parser,display_name,tag\n\
         2012-01-22T07:52:33+00:00,Content Modification Time,LOG,Log File,Started,text,OS:/a,-\n\
         1970-01-01T00:00:00+00:00,Not a time,FILE,File stat,Undated,stat,OS:/b,-\n",
        &expect![[r#"
            plaso by dynamic, 2 rows, 0 skipped
            @1 | when 2012-01-22T07:52:33Z “2012-01-22T07:52:33+00:00” | title Started | category Content Modification Time
            @2 | when “1970-01-01T00:00:00+00:00” | title Undated | category Not a time
            also source=LOG; source_long=Log File; parser=text; display_name=OS:/a; tag=-;
        "#]],
    );
    golden(
        "tln.txt",
        "1327218753|LOG|h1|-|Started the job\n1327218754|FILE|h1|-|Read a file\n",
        &expect![[r#"
            plaso by tln, 2 rows, 0 skipped
            @1 | when 2012-01-22T07:52:33Z | title Started the job | category LOG
            @2 | when 2012-01-22T07:52:34Z | title Read a file | category FILE
            also Host=h1; User=-;
        "#]],
    );
}

#[test]
fn numbered_rows_without_a_header_are_no_timeline() {
    let people = read("people.csv", "1,John,Smith,London,UK\n2,Ann,Lee,Paris,FR\n");
    assert_eq!((people.origin.preset.as_deref(), people.records.dated()), (None, 0));
}

#[test]
fn a_timelinejs_sheet_has_a_title_eras_ends_and_years_before_christ() {
    golden(
        "sheet.csv",
        "Year,Month,Day,Time,End Year,End Month,End Day,End Time,Display Date,Headline,Text,Media,Media Credit,Type,Group\n\
         ,,,,,,,,,Of the Realm,<p>A story</p>,,,title,\n\
         -44,3,15,,,,,,Ides of March,Murder,<p>Knives</p>,https://a.example/1.jpg,Museum,,Rome\n\
         1943,7,,,1946,,,,,Work,,,,,\n\
         1815,12,10,08:30,1815,12,10,10:00,,Birth,,,,,\n\
         1500,,,,1600,,,,,A century,,,,era,\n\
         soon,,,,,,,,,Never,,,,,\n",
        &expect![[r#"
            timelinejs by sheet, 6 rows, 0 skipped
            @2 | when -0044-03-15 “Ides of March” | title Murder | category Rome | note <p>Knives</p> | in https://a.example/1.jpg [; ; Murder]
            @5 | when 1500/1600 | title A century
            @4 | when 1815-12-10T08:30Z/1815-12-10T10:00Z | title Birth
            @3 | when 1943-07/1946 | title Work
            @1 | title Of the Realm | note <p>A story</p>
            @6 | when “soon” | title Never
            also Media Credit=Museum; Type=era;
            invalid_date line 7 Year “soon”: year, month and day make no date; undated; the text is kept
        "#]],
    );
}

#[test]
fn a_timemap_sheet_folds_its_numbered_columns_and_does_not_know_midnight() {
    golden(
        "events.csv",
        "description,date,time,location,latitude,longitude,association1,association2,source1,source2,comments\n\
         Smoke rises,02/25/2015,00:00,Northtown,1.5,30.25,gas,story_1,src1,src2,seen from afar\n\
         A shot,02/26/2015,13:05,Northtown,1.5,30.25,gun,,src2,,\n",
        &expect![[r#"
            timemap by events, 2 rows, 0 skipped
            @1 | when 2015-02-25 “02/25/2015” | title Smoke rises | place Northtown | lat 1.5 | lon 30.25 | note seen from afar | by src1 | in - [src1; ; ] +1
            @2 | when 2015-02-26T13:05Z | title A shot | place Northtown | lat 1.5 | lon 30.25 | by src2
            also associations=gas; story_1; sources=src1; src2;
        "#]],
    );
}

#[test]
fn a_preset_can_be_asked_for_and_refused() {
    let text = "country,system,status,url,date_recorded\nLand,T-1,captured,https://a.example/1,2022-05-23\n";
    let preset = |asked: &str| {
        let input = Input::Bytes { name: "a.csv".to_owned(), bytes: text.as_bytes().into() };
        let options = Options { preset: Some(asked.to_owned()), ..Options::default() };
        load(&input, &options, &mut |_| {}, &Cancel::default(), &Progress::default()).map(|dataset| dataset.origin.preset)
    };
    assert_eq!(preset("table").unwrap(), None);
    assert_eq!(preset("acled").unwrap().as_deref(), Some("acled"));
    assert!(preset("nonsense").is_err());
}

#[test]
fn a_mapping_does_what_a_preset_does() {
    let rows = [
        "DATA_ID,EVENT_DATE,TIME_PRECISION,EVENT_TYPE,SUB_EVENT_TYPE,ACTOR1,ACTOR2,COUNTRY,LOCATION,SOURCE,FATALITIES",
        "11,2015-01-31,1,Battles,Armed clash,Army,Rebels,Land,Northtown,Agency A; Daily B,2",
        "12,2015-01-15,3,Riots,Mob violence,,,Land,,Daily B,0",
    ];
    let cells: Vec<Vec<String>> = rows.iter().map(|row| row.split(',').map(str::to_owned).collect()).collect();
    let sample: super::Sample = (0..cells[0].len()).map(|column| cells[1..].iter().map(|row| row[column].clone()).collect()).collect();
    let mut mapping = crate::ingest::guess::guess(&cells[0], &sample);
    let preset = super::choose(None, &super::Seen::new(&cells[0], &sample, true), &mut mapping);
    assert_eq!(preset.map(|preset| preset.key), Some("acled"));
    let text = rows.join("\n");
    let by_preset = read("a.csv", &text);
    let input = Input::Bytes { name: "a.csv".to_owned(), bytes: text.as_bytes().into() };
    let options = Options { preset: Some(super::NONE.to_owned()), mapping: Some(mapping), ..Options::default() };
    let by_mapping = load(&input, &options, &mut |_| {}, &Cancel::default(), &Progress::default()).unwrap();
    let all = |dataset: &Dataset| (0..dataset.records.len() as Row).map(|row| record(dataset, row)).collect::<Vec<_>>();
    assert_eq!(all(&by_mapping), all(&by_preset));
    assert_eq!((by_mapping.origin.preset, by_mapping.origin.counter.as_deref()), (None, Some("ACLED")));
}
