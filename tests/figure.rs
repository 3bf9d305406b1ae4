//! Figures in sentences as authorities print them.
//!
//! Expected values were written from reading the sentence. The first word of a case says where the
//! sentence stands: a heading of `quotes-cities.md` or `quotes-national-anhui.md`, a row `A…` of
//! section 1 of `facts.md` (all sources of the packs), or `invented`.
#![expect(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "tests and their helpers may fail loudly"
)]

use yibao_rules::figure::{
    Found, Limit, Motion, Unit, date_value, describe, figure_text, find, locate, matches, normalise, occurrences,
};
use yibao_rules::number::Ratio;

use Unit::{
    Age, Bare, CalendarYear, Count, Date, Days, Hours, Level, MonthDay, Months, Multiple, Ordinal, Percent, Points,
    Times, Weeks, WorkingDays, YearMonth, Years, Yuan,
};

/// A value written as a decimal or as `n/d`.
fn ratio(text: &str) -> Ratio {
    if let Some((num, den)) = text.split_once('/') {
        return Ratio::new(num.parse().unwrap(), den.parse().unwrap()).unwrap();
    }
    let places = text.split_once('.').map_or(0, |(_, part)| part.len());
    let digits: i128 = text.replace('.', "").parse().unwrap();
    Ratio::new(digits, 10_i128.pow(u32::try_from(places).unwrap())).unwrap()
}

fn shown(found: &[Found]) -> Vec<String> {
    found.iter().map(|found| format!("{} {:?}", found.value, found.unit)).collect()
}

/// Source, phrase, and every figure in it from left to right.
type Case = (&'static str, &'static str, &'static [(&'static str, Unit)]);

#[rustfmt::skip]
const SENTENCES: &[Case] = &[
    // Money
    ("anhui", "一级及以下医疗机构起付线200元,医保政策范围内报销比例85%", &[("1", Level), ("200", Yuan), ("85", Percent)]),
    ("anhui", "三级(省属)医疗机构起付线1000元", &[("3", Level), ("1000", Yuan)]),
    ("4.9-changsha", "起付標準以上至1萬元以下的住院醫療費用,統籌基金支付比例提高3%", &[("10000", Yuan), ("3", Percent)]),
    ("4.9-suqian", "年度最高救助限额为10万元,其中普通门诊救助限额1万元", &[("100000", Yuan), ("10000", Yuan)]),
    ("4.9-pingli", "年累计救助封顶线不超过 15000 元", &[("15000", Yuan)]),
    ("4.9-pingli", "给予一次性 2000 元的全费用定额医疗救助", &[("2000", Yuan)]),
    ("4.7-table", "500元日限额100元", &[("500", Yuan), ("100", Yuan)]),
    ("4.7-table", "普通人群支付限额20万;五保户", &[("200000", Bare)]),
    ("4.7-table", "一级--60%-500元", &[("1", Level), ("60", Percent), ("500", Yuan)]),
    ("4.5-emp-notice", "最高支付限额从59万元提高到61万元", &[("590000", Yuan), ("610000", Yuan)]),
    ("4.5-emp-notice", "在职职工 | 1500 | 85% |", &[("1500", Bare), ("85", Percent)]),
    ("4.5-emp-notice", "74岁以下 | 1680 |", &[("74", Age), ("1680", Bare)]),
    ("4.5-emp-account", "74岁以下1680元/年,75岁以上1890元/年", &[("74", Age), ("1680", Yuan), ("75", Age), ("1890", Yuan)]),
    ("4.6-res-table", "1300元 25万 80% 78% 75%-78%", &[("1300", Yuan), ("250000", Bare), ("80", Percent), ("78", Percent), ("75", Percent), ("78", Percent)]),
    ("4.6-res-table", "城乡老年人每人4720元/年", &[("4720", Yuan)]),
    ("4.6-emp-ip", "2.超過3萬元至4萬元的部分,統籌基金支付90%", &[("2", Ordinal), ("30000", Yuan), ("40000", Yuan), ("90", Percent)]),
    ("4.6-emp-ip", "3 .超過4萬元的", &[("3", Ordinal), ("40000", Yuan)]),
    ("4.6-emp-ip", "1300 元 - 3 万元段", &[("1300", Yuan), ("30000", Yuan)]),
    ("4.6-emp-ip", "1、3万元 1300 94%92.2%91% 10万元", &[("1", Ordinal), ("30000", Yuan), ("1300", Bare), ("94", Percent), ("92.2", Percent), ("91", Percent), ("100000", Yuan)]),
    ("4.6-emp-ip", "4、支付10万元-30万元大额医疗费用互助资金支付90%20万元", &[("4", Ordinal), ("100000", Yuan), ("300000", Yuan), ("90", Percent), ("200000", Yuan)]),
    ("4.6-emp-ip", "10万-50万 |", &[("100000", Bare), ("500000", Bare)]),
    ("4.6-emp-ip", "1300-3万 |", &[("1300", Bare), ("30000", Bare)]),
    ("4.1-yingkou-emp", "不设立起付标准(0元)", &[("0", Yuan)]),
    ("WE-07", "10万元-0.01万元-0.01万元-起付标准0.05万元=9.93万元", &[("100000", Yuan), ("100", Yuan), ("100", Yuan), ("500", Yuan), ("99300", Yuan)]),
    ("WE-19", "1、50000元及以下的部分,报销支付比例为50%", &[("1", Ordinal), ("50000", Yuan), ("50", Percent)]),
    ("WE-22", "2~5万元(含)报销比例40%", &[("20000", Yuan), ("50000", Yuan), ("40", Percent)]),
    ("WE-22", "0~2万元按30%报销:2万元×30%=0.6万元", &[("0", Yuan), ("20000", Yuan), ("30", Percent), ("20000", Yuan), ("30", Percent), ("6000", Yuan)]),
    ("WE-25", "已达到补偿10-20万段,按对应比例60%报销", &[("100000", Bare), ("200000", Bare), ("60", Percent)]),
    ("WE-25", "(90000-600)×0.55=49170元", &[("90000", Bare), ("600", Bare), ("0.55", Multiple), ("49170", Yuan)]),
    ("WE-32", r"(6000元 - 300元) \times 80\% = 4560元", &[("6000", Yuan), ("300", Yuan), ("80", Percent), ("4560", Yuan)]),
    ("WE-36", "30000元至最高支付 限额90%35320 元60000 元", &[("30000", Yuan), ("90", Percent), ("35320", Yuan), ("60000", Yuan)]),
    ("anhui", "大病保险起付线为1—2万元", &[("10000", Yuan), ("20000", Yuan)]),
    ("anhui", "5—10万元段,报销比例65%", &[("50000", Yuan), ("100000", Yuan), ("65", Percent)]),
    ("anhui", "年度内支付限额30万。", &[("300000", Bare)]),
    ("anhui", "统筹基金封顶线11万以上至职工大额医疗费用补助", &[("110000", Bare)]),
    ("anhui", "费用累計超1.5萬元以上費用", &[("15000", Yuan)]),
    ("anhui", "医疗费用高达59.19万元", &[("591900", Yuan)]),
    ("anhui", "多一种慢性病多300元", &[("1", Count), ("300", Yuan)]),
    ("anhui", "提高大病保險最高支付限額至少一千元", &[("1000", Yuan)]),
    ("A49", "每次远程会诊费用在250~360元之间", &[("250", Yuan), ("360", Yuan)]),
    ("A53", "给予200万元或350万元的财政补助", &[("2000000", Yuan), ("3500000", Yuan)]),
    ("A96", "床位经费补助71.5万元、“120”专项运营资金60万元", &[("715000", Yuan), ("120", Bare), ("600000", Yuan)]),
    ("invented", "起付线1,000元", &[("1000", Yuan)]),
    ("invented", "７０００－１００００元", &[("7000", Yuan), ("10000", Yuan)]),
    ("invented", "分别为100、200元", &[("100", Yuan), ("200", Yuan)]),
    ("invented", "一万五千元，二百元，十二万元", &[("15000", Yuan), ("200", Yuan), ("120000", Yuan)]),
    ("invented", "￥1,234.50", &[("1234.5", Yuan)]),
    ("invented", "补助2万5千元", &[("25000", Yuan)]),
    ("invented", "1.2亿元", &[("120000000", Yuan)]),
    // Shares, points, multiples
    ("3 zhejiang", "不高于统筹地区上一年度居民人均可支配收入的百分之五十", &[("50", Percent)]),
    ("N14", "支付比例的降幅不超过10个百分点", &[("10", Points)]),
    ("N15", "降幅 **≤20 个百分点**", &[("20", Points)]),
    ("anhui", "支付比例參照我市醫療機構類別同比下降10個百分點", &[("10", Points)]),
    ("4.9-liyang", "支付比例的基础上降5个百分点", &[("5", Points)]),
    ("anhui", "报销比例降低5%", &[("5", Percent)]),
    ("anhui", "报销比例60%-85%", &[("60", Percent), ("85", Percent)]),
    ("anhui", "“門檻費”增加1倍", &[("1", Multiple), ("2", Multiple)]),
    ("anhui", "达到当地居民人均可支配收入的6倍左右", &[("6", Multiple)]),
    ("4.6-res-table", "第二次及以后住院,起付线减半", &[("2", Times), ("50", Percent)]),
    ("4.6-emp-ip", "最高可达99.1%", &[("99.1", Percent)]),
    ("A50", "将96.4%的病患留在当地诊治", &[("96.4", Percent)]),
    ("invented", "８５％", &[("85", Percent)]),
    ("invented", "报销七成，八成五以上", &[("70", Percent), ("85", Percent)]),
    ("invented", "七成成员", &[("70", Percent)]),
    ("invented", "三成员单位", &[]),
    ("invented", "降5个点", &[("5", Points)]),
    ("invented", "提高1~2个百分点", &[("1", Points), ("2", Points)]),
    ("invented", "减少一半，減半，系数×1.25", &[("50", Percent), ("50", Percent), ("1.25", Multiple)]),
    ("invented", "提高到2倍", &[("2", Multiple)]),
    ("invented", "三分之二", &[("200/3", Percent)]),
    ("invented", "百分之八十五点五", &[("85.5", Percent)]),
    ("invented", "百分之五十至六十", &[("50", Percent), ("60", Percent)]),
    ("invented", "三至五成", &[("30", Percent), ("50", Percent)]),
    ("invented", "5‰", &[("0.5", Percent)]),
    // Time
    ("4.9-changsha", "不受兩次住院間隔28天的時間限制", &[("2", Times), ("28", Days)]),
    ("N6", "处方一般不得超过7日用量;急诊处方一般不得超过3日用量", &[("7", Days), ("3", Days)]),
    ("4.6-art14-17", "基层首诊转诊有效时间为180天", &[("180", Days)]),
    ("N7", "慢性病患者最长可开12周长处方", &[("12", Weeks)]),
    ("N11", "慢病患者最长可開12周的藥", &[("12", Weeks)]),
    ("N16", "备案有效期原则上不少于6个月", &[("6", Months)]),
    ("A10", "提供不超过2个月用药量的长处方服务", &[("2", Months)]),
    ("A54", "一次开具治疗性药物1~2月的药量", &[("1", Times), ("1", Months), ("2", Months)]),
    ("A16", "签订协议之后,在5个工作日内报市卫生健康局备案", &[("5", WorkingDays)]),
    ("A17", "每2年对医共体协议机构进行调整", &[("2", Years)]),
    ("A41", "每半年对所有成员单位进行目标考核", &[("1/2", Years)]),
    ("anhui", "自缴费月起的第三个自然月开始享受", &[("3", Months)]),
    ("anhui", "從第5年起每多參保1年", &[("5", Years), ("1", Years)]),
    ("invented", "1～2个月", &[("1", Months), ("2", Months)]),
    ("invented", "一至两个月", &[("1", Months), ("2", Months)]),
    ("invented", "一年半，一个半月，两天", &[("3/2", Years), ("3/2", Months), ("2", Days)]),
    ("invented", "24小时，15個工作日，三週", &[("24", Hours), ("15", WorkingDays), ("3", Weeks)]),
    ("invented", "2个周期，上半年", &[("2", Count)]),
    // Age
    ("4.5-res-op", "超過18周歲、不滿60周歲人員為500元", &[("18", Age), ("60", Age), ("500", Yuan)]),
    ("4.5-res-ip", "60週歲及以上人員", &[("60", Age)]),
    ("4.6-emp-op", "(2)70岁以下支付比例:2万元以下医院报销85%", &[("2", Ordinal), ("70", Age), ("20000", Yuan), ("85", Percent)]),
    // Times and counts
    ("4.6-emp-ip", "第二次及以后住院每次 650 元", &[("2", Times), ("650", Yuan)]),
    ("4.4-res-2023", "二次及以上住院,一级及以下医疗机构", &[("2", Times), ("1", Level)]),
    ("4.9-pingli", "每人每年不超过 1 次", &[("1", Times)]),
    ("A02", "梁屯中心卫生院共3家医疗机构", &[("3", Count)]),
    ("A05", "自愿选定1个乡镇卫生院、1个市(县级)医院", &[("1", Count), ("1", Count)]),
    ("A50", "与全国近150家医院,已会诊疑难病例2万余人次", &[("150", Count), ("20000", Count)]),
    ("A56", "签约的四家大医院", &[("4", Count)]),
    ("A57", "于2007年9月正式启动,覆盖全国370多家医疗机构", &[("200709", YearMonth), ("370", Count)]),
    ("A61", "共派出12批次共15名", &[("12", Count), ("15", Count)]),
    ("A32", "远程医疗五大中心", &[("5", Count)]),
    ("anhui", "全市统一确定22种慢性病。", &[("22", Count)]),
    ("anhui", "推进二、三级医院与基层医疗", &[("2", Level), ("3", Level)]),
    ("4.9-longgang", "市内一级及以下医院为100元", &[("1", Level), ("100", Yuan)]),
    // Dates
    ("4.5-emp-notice", "2023年7月1日至2024年6月30日", &[("20230701", Date), ("20240630", Date)]),
    ("4.5-emp-notice", "2000年12月31日前退休 | 700 |", &[("20001231", Date), ("700", Bare)]),
    ("WE-02", "2015年4月1日因糖尿病在本市的一家二级医院", &[("20150401", Date), ("1", Count), ("2", Level)]),
    ("WE-02", "在医生的同意下,4月10日转往了一家三级医院住院", &[("410", MonthDay), ("1", Count), ("3", Level)]),
    ("anhui", "自每年1月1日起开始享受", &[("101", MonthDay)]),
    ("anhui", "自2025年起", &[("2025", CalendarYear)]),
    ("4.5-emp-notice", "2023医保年度", &[("2023", Bare)]),
    ("A63", "2013年11月-2014年6月的试点探索阶段", &[("201311", YearMonth), ("201406", YearMonth)]),
    ("invented", "2023-07-01，2023.7.1，2023/7/1", &[("20230701", Date), ("20230701", Date), ("20230701", Date)]),
    ("invented", "二〇二一年八月二十日", &[("20210820", Date)]),
    ("invented", "2021 年 8 月 20 日", &[("20210820", Date)]),
    ("invented", "2021年2月30日", &[]),
    ("invented", "2021、2022年，2023-2025年", &[("2021", CalendarYear), ("2022", CalendarYear), ("2023", CalendarYear), ("2025", CalendarYear)]),
    // No figures of benefits
    ("A01", "盖政办发〔2021〕12号", &[("2021", Ordinal), ("12", Ordinal)]),
    ("4.9-tianjin", "津劳局(2001)321号第四条第七款规定", &[("2001", Ordinal), ("321", Ordinal), ("4", Ordinal), ("7", Ordinal)]),
    ("3 zhejiang", "第五十九条 本条例", &[("59", Ordinal)]),
    ("3 statutes", "(二)应当由第三人负担的", &[("2", Ordinal), ("3", Ordinal)]),
    ("N10", "第一类和第二类精神药品", &[("1", Ordinal), ("2", Ordinal)]),
    ("4.9-suqian", "20世纪60年代精减退职职工", &[("20", Ordinal), ("60", Ordinal)]),
    ("N26", "同一疾病周期内不再另设起付线", &[]),
    ("A86", "四县一区,万福镇,统一个人账户,进一步", &[]),
    ("WE-36", "IOOOO 元80%", &[("80", Percent)]),
    ("invented", "30万美元，DRG2.0，1/3", &[]),
];

#[test]
fn sentences_hold_these_figures() {
    let mut faults = Vec::new();
    for (source, phrase, expected) in SENTENCES {
        let wanted: Vec<String> = expected.iter().map(|(value, unit)| format!("{} {unit:?}", ratio(value))).collect();
        let got = shown(&find(phrase));
        if got != wanted {
            faults.push(format!("{source}: {phrase}\n  want {wanted:?}\n  got  {got:?}"));
        }
        for (value, unit) in *expected {
            let value = &ratio(value);
            let exact =
                find(phrase).iter().any(|f| f.value == *value && f.unit == *unit && !f.sense.about && !f.sense.was);
            if matches(phrase, *value, *unit) != exact {
                faults.push(format!("{source}: {phrase} matches {value} {unit:?}: {}", !exact));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(SENTENCES.len() >= 80);
}

/// Shapes that were refused, or read as something else, though a careful reader has no doubt.
#[rustfmt::skip]
const SHAPES: &[(&str, &[(&str, Unit)])] = &[
    // Labels with one unit at the end
    ("一级100、二级300、三级600元", &[("1", Level), ("100", Yuan), ("2", Level), ("300", Yuan), ("3", Level), ("600", Yuan)]),
    ("一级医院200、二级医院500、三级医院800元", &[("1", Level), ("200", Yuan), ("2", Level), ("500", Yuan), ("3", Level), ("800", Yuan)]),
    ("一级及以下医院85、二级医院75、三级医院65%", &[("1", Level), ("85", Percent), ("2", Level), ("75", Percent), ("3", Level), ("65", Percent)]),
    ("第一次600、第二次300元", &[("1", Times), ("600", Yuan), ("2", Times), ("300", Yuan)]),
    // Other words after the label, so another thing: no unit is lent
    ("一级床位200、二级医院500元", &[("1", Level), ("200", Bare), ("2", Level), ("500", Yuan)]),
    // Which of them are ten thousands?
    ("一级1、二级2万元", &[("1", Level), ("1", Bare), ("2", Level), ("20000", Yuan)]),
    ("推进二、三级医院", &[("2", Level), ("3", Level)]),
    ("一级100/90%、二级300/80%", &[("1", Level), ("100", Yuan), ("90", Percent), ("2", Level), ("300", Yuan), ("80", Percent)]),
    ("一级95/90%", &[("1", Level), ("95", Percent), ("90", Percent)]),
    ("分别增加5个、3个百分点", &[("5", Points), ("3", Points)]),
    ("1个或2个月", &[("1", Months), ("2", Months)]),
    ("1个医院、2个月", &[("1", Count), ("2", Months)]),
    // Discounts and tenths
    ("打七五折，九折，9折，8.5折，75折，九五折", &[("75", Percent), ("90", Percent), ("90", Percent), ("85", Percent), ("75", Percent), ("95", Percent)]),
    ("按3折算", &[("3", Bare)]),
    ("八成五，八成半，8成5，八成", &[("85", Percent), ("85", Percent), ("85", Percent), ("80", Percent)]),
    ("八成五级医院", &[("80", Percent), ("5", Level)]),
    ("八成五至九成", &[("85", Percent), ("90", Percent)]),
    ("百分之七十五，百分之八十五点五", &[("75", Percent), ("85.5", Percent)]),
    ("75％，75个百分点", &[("75", Percent), ("75", Points)]),
    ("支付比例0.85，报销比例为0.7", &[("85", Percent), ("70", Percent)]),
    ("系数0.85", &[("0.85", Bare)]),
    // Money
    ("人民币200，人民币：300", &[("200", Yuan), ("300", Yuan)]),
    ("300 元，300\u{3000}元，300\u{2009}元，300\u{a0}元", &[("300", Yuan), ("300", Yuan), ("300", Yuan), ("300", Yuan)]),
    ("一千二，壹万，1.2万元，３００元，3,000元", &[("1200", Bare), ("10000", Bare), ("12000", Yuan), ("300", Yuan), ("3000", Yuan)]),
    ("1，200元，1 200元，1, 200元，1，200，300元", &[]),
    ("二级 200 500 85%", &[("2", Level), ("200", Bare), ("500", Bare), ("85", Percent)]),
    ("五千至一万元", &[("5000", Yuan), ("10000", Yuan)]),
    // Time
    ("72小时", &[("72", Hours)]),
    ("一季度，一个季度，每季度", &[("3", Months), ("3", Months), ("3", Months)]),
    ("2023年一季度", &[("2023", CalendarYear)]),
    ("首次住院，次日，次月", &[("1", Times), ("1", Days), ("1", Months)]),
    ("每次日均费用，5次日间手术", &[("5", Times)]),
    ("2023年7月1日至12月31日", &[("20230701", Date), ("20231231", Date)]),
    ("2023年7月1日至6月30日", &[("20230701", Date), ("630", MonthDay)]),
    ("2023年1月至6月", &[("202301", YearMonth), ("202306", YearMonth)]),
    ("2023年1月，6个月", &[("202301", YearMonth), ("6", Months)]),
];

#[test]
fn shapes_are_read_as_a_careful_reader_reads_them() {
    let mut faults = Vec::new();
    for (phrase, expected) in SHAPES {
        let wanted: Vec<String> = expected.iter().map(|(value, unit)| format!("{} {unit:?}", ratio(value))).collect();
        let got = shown(&find(phrase));
        if got != wanted {
            faults.push(format!("{phrase}\n  want {wanted:?}\n  got  {got:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Phrase, figure, and what the words say of it: about, was, nth, ↑ ↓, most least, and the side of the edge (`≤` with
/// less, `≥` with more, in brackets where only by usage), and the place in a list.
#[rustfmt::skip]
const SENSES: &[(&str, &str, &str)] = &[
    ("近5万元", "50000", "about"),
    ("五万余元", "50000", "about"),
    ("约200元", "200", "about"),
    ("200元左右", "200", "about"),
    ("签约5人", "5", ""),
    ("近三年", "3", ""),
    ("由85%降至80%", "85", "was"),
    ("由85%降至80%", "80", ""),
    ("从59万元提高到61万元", "590000", "was"),
    ("第三次", "3", "nth"),
    ("首次", "1", "nth"),
    ("第三次及以后", "3", "nth ≥"),
    ("第二次起付线", "2", "nth"),
    ("降低30%", "30", "↓"),
    ("降为30%", "30", ""),
    ("提高10个百分点", "10", "↑"),
    ("降幅不超过10个百分点", "10", "↓ most ≤"),
    ("分别提高5、10、15个百分点", "15", "↑ 2"),
    ("增加1倍", "1", "↑"),
    ("增加1倍", "2", ""),
    ("最高支付比例可达70%", "70", "most"),
    ("最高2万元，比例70%", "70", ""),
    ("不低于60%", "60", "least ≥"),
    ("6个月(含)以内", "6", "≤"),
    ("6个月以内（不含）", "6", "≥"),
    ("6个月以内", "6", "(≤)"),
    ("2万元以上", "20000", "(≥)"),
    ("2万元以上（不含2万元）", "20000", "≤"),
    ("超过2万元以上的部分", "20000", "≤"),
    ("5-10万元(含)", "100000", "≤"),
    ("未满18周岁", "18", "≥"),
    ("不足2000元", "2000", "≥"),
    ("年满60周岁", "60", "≥"),
    ("不高于50%", "50", "most ≤"),
    ("至多3次", "3", "most ≤"),
    ("至少3次", "3", "least ≥"),
    ("分别为1200元、800元、400元", "1200", "0"),
    ("分别为1200元、800元、400元", "400", "2"),
    ("一级1200元、800元", "800", ""),
];

fn said(text: &str, value: &str) -> String {
    let found = find(text).into_iter().find(|f| f.value == ratio(value)).map(|f| f.sense).unwrap();
    let mut words: Vec<String> = Vec::new();
    for (word, holds) in [("about", found.about), ("was", found.was), ("nth", found.nth)] {
        words.extend(holds.then(|| word.to_owned()));
    }
    words.extend(found.motion.map(|m| if m == Motion::Raises { "↑" } else { "↓" }.to_owned()));
    words.extend(found.limit.map(|l| if l == Limit::Most { "most" } else { "least" }.to_owned()));
    words.extend(found.edge.map(|edge| {
        let side = if edge.with_less { "≤" } else { "≥" };
        if edge.said { side.to_owned() } else { format!("({side})") }
    }));
    words.extend(found.place.map(|n| n.to_string()));
    words.join(" ")
}

#[test]
fn the_words_around_a_figure_are_read() {
    let faults: Vec<String> = SENSES
        .iter()
        .map(|(text, value, wanted)| (text, value, wanted, said(text, value)))
        .filter(|(_, _, wanted, got)| *wanted != got)
        .map(|case| format!("{case:?}"))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[rustfmt::skip]
const MATCHES: &[(&str, &str, Unit, bool)] = &[
    // Parts of a number
    ("1200元", "200", Yuan, false),
    ("1,200元", "200", Yuan, false),
    ("１，２００元", "1200", Yuan, true),
    ("75%", "5", Percent, false),
    ("0.5%", "5", Percent, false),
    (".5%", "5", Percent, false),
    ("1.5万元", "50000", Yuan, false),
    ("11万", "10000", Yuan, false),
    ("1.5万", "10000", Yuan, false),
    ("二百五十元", "50", Yuan, false),
    ("百分之八十五", "5", Percent, false),
    ("百分之八十五", "80", Percent, false),
    ("十二个月", "2", Months, false),
    ("第十二次", "2", Times, false),
    ("2021年8月20日", "20", Days, false),
    ("2021年8月20日", "8", Months, false),
    ("2021年8月20日", "2021", CalendarYear, false),
    ("2021年", "2021", Years, false),
    ("1.2.3%", "3", Percent, false),
    ("1/3", "3", Bare, false),
    ("5万例", "50000", Yuan, false),
    ("30万亩", "300000", Yuan, false),
    ("2万余人次", "20000", Yuan, false),
    // White space parts numbers but not a number and its unit
    ("1300 94%", "130094", Percent, false),
    ("1300 94%", "94", Percent, true),
    ("3 万 元", "30000", Yuan, true),
    // Money without 元
    ("10万", "100000", Yuan, true),
    ("10万", "100000", Bare, true),
    ("1—2万", "10000", Yuan, true),
    ("1—2万", "1", Yuan, false),
    ("10000", "10000", Yuan, false),
    ("10000", "10000", Bare, true),
    ("30", "30", Yuan, false),
    ("100、200元", "100", Yuan, true),
    ("100、200元", "200", Yuan, true),
    ("100，200元", "100", Yuan, false),
    ("300/500/700元", "500", Yuan, true),
    ("1、50000元", "1", Yuan, false),
    ("1500-585=915元", "585", Yuan, false),
    ("5000-1万元", "5000", Yuan, true),
    ("5000-1万元", "50000000", Yuan, false),
    // Units are not mixed
    ("10个百分点", "10", Percent, false),
    ("10%", "10", Points, false),
    ("3次", "3", Count, false),
    ("3家", "3", Times, false),
    ("60周岁", "60", Weeks, false),
    ("60周岁", "60", Years, false),
    ("5个工作日", "5", Days, false),
    ("65岁", "65", Count, false),
    ("200元", "200", Bare, false),
    ("200元", "200", Count, false),
    ("12", "12", Count, true),
    ("第三人", "3", Count, false),
    ("200美元", "200", Yuan, false),
    ("100元/200", "200", Yuan, false),
    // Spans of time
    ("12周", "84", Days, true),
    ("84天", "12", Weeks, true),
    ("12周", "83", Days, false),
    ("2年", "24", Months, true),
    ("24个月", "2", Years, true),
    ("每半年", "6", Months, true),
    ("1个月", "30", Days, false),
    ("72小时", "3", Days, true),
    ("70小时", "3", Days, false),
    // Only about right, or no longer
    ("近5万元", "50000", Yuan, false),
    ("五万余元", "50000", Yuan, false),
    ("由85%降至80%", "85", Percent, false),
    ("由85%降至80%", "80", Percent, true),
    ("八成五", "80", Percent, false),
    ("1，200元", "200", Yuan, false),
    ("1 200元", "200", Yuan, false),
    ("1，200元", "1200", Yuan, false),
    ("五千至一万", "5000", Yuan, true),
    ("90000×0.55", "55", Percent, true),
    // Multiples
    ("增加1倍", "2", Multiple, true),
    ("增加1倍", "1", Multiple, true),
    ("增加到1倍", "2", Multiple, false),
    ("1倍", "2", Multiple, false),
    ("加倍", "2", Multiple, true),
    ("一半", "50", Percent, true),
    ("一半", "1", Count, false),
    // Nothing at all
    ("", "0", Bare, false),
    ("不设起付标准", "0", Yuan, false),
];

#[test]
fn matching_is_exact() {
    let faults: Vec<_> = MATCHES
        .iter()
        .filter(|(phrase, value, unit, wanted)| matches(phrase, ratio(value), *unit) != *wanted)
        .map(|case| format!("{case:?} {}", describe(case.0)))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn folding_changes_width_and_figures_only() {
    for (text, folded) in [
        ("（１０００）元，８０％：；！", "(1000)元,80%:;!"),
        ("1—2万元、1～2个月", "1-2万元、1~2个月"),
        (" 25 万\u{3000}元\n", "25万元"),
        ("“減半”「萬」'個'", "\"减半\"\"万\"\"个\""),
        ("兩週 十歲 百分點 醫療機構", "两周十岁百分点醫療機構"),
        ("〔2021〕12号", "[2021]12号"),
        ("a\u{200b}b\u{feff}", "ab"),
    ] {
        assert_eq!(normalise(text), folded);
    }
}

#[test]
fn spans_are_in_characters_as_written() {
    let found = find("起付线  １ ０００元， 80 ％。");
    // `１ ０００` may be one number or two, so it is none.
    assert_eq!(shown(&found), ["80 Percent"]);
    let found = find("起付线\u{3000}1,000 元， 80 ％。");
    let spans: Vec<_> = found.iter().map(|f| (f.start, f.end)).collect();
    assert_eq!(spans, [(4, 11), (13, 17)]);
}

#[rustfmt::skip]
const PLACES: &[(&str, &str, usize)] = &[
    // anhui
    ("一级及以下医疗机构起付线200元,医保政策范围内报销比例85%", "起付线２００元，", 1),
    ("三级(市属)医疗机构起付线700元,报销比例75%; 三级(省属)医疗机构起付线1000元", "三级（省属）医疗机构起付线1000元", 1),
    ("大病保险起付线为1—2万元", "1-2万元", 1),
    ("大病保险起付线为1—2万元", "2万元", 1),
    ("大病保险起付线为1—2万元", "1", 0),
    ("起付线增加1倍,报销比例降低5%", "1倍", 1),
    ("起付线增加1倍,报销比例降低5%", "起付线增加1倍", 1),
    // 4.5-emp-notice
    ("在职职工 | 500 | 80% | 75% | 70% | |", "在职职工|500|80%", 1),
    ("在职职工 | 500 | 80% | 75% | 70% | |", "500", 1),
    ("在职职工 | 500 | 80% | 75% | 70% | |", "80", 0),
    ("现就2023医保年度(2023年7月1日至2024年6月30日)", "7月1日", 0),
    ("现就2023医保年度(2023年7月1日至2024年6月30日)", "2023年7月1日", 1),
    // 4.6-emp-op
    ("2萬元以下報銷比例不變,2萬元以上在職職工報銷60%", "2万元", 2),
    // 4.6-emp-ip
    ("本年度第一次住院起付线:1300 元,第二次及以后住院每次 650 元。", "1300元", 1),
    ("本年度第一次住院起付线:1300 元,第二次及以后住院每次 650 元。", "300元", 0),
    ("1300 94%", "130094%", 0),
    // Cut figures
    ("起付线1200元", "200元", 0),
    ("起付线1,200元", "200元", 0),
    ("起付线1200元", "起付线1200", 0),
    ("比例75%", "5%", 0),
    ("比例0.5%", "5%", 0),
    ("限额11万", "1万", 0),
    ("百分之五十", "五十", 0),
    ("百分之五十", "百分之五", 0),
    ("2021年8月20日", "20日", 0),
    ("12个月", "2个月", 0),
    ("第十二次", "二次", 0),
    // Its unit stands further on.
    ("分别为100、200元", "100", 1),
    ("一级100、二级300、三级600元", "二级300", 1),
    ("起付线1，200元", "200元", 0),
    ("起付线1 200元", "200元", 0),
    ("分别为100、200元", "100、200元", 1),
    ("分别提高5、10、15个百分点", "5、10、15个百分点", 1),
    // Words that hold no figure
    ("一级医院起付线", "医院起付线", 1),
    ("统一个人账户", "个人账户", 1),
    ("不设起付标准。", "不设起付标准", 1),
    ("不设起付标准。", "", 0),
    ("", "200元", 0),
    ("200元", "200元以上", 0),
];

#[test]
fn phrases_stand_where_they_cut_no_figure() {
    let faults: Vec<_> = PLACES
        .iter()
        .filter(|(quote, phrase, wanted)| occurrences(quote, phrase) != *wanted)
        .map(|case| format!("{case:?} {:?}", locate(case.0, case.1)))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn places_lead_back_to_the_quote_as_written() {
    let quote = "首次：起付线 １３００ 元，第二次 650 元";
    let [(start, end)] = locate(quote, "起付线1300元")[..] else {
        panic!("one place");
    };
    let written: String = quote.chars().skip(start).take(end - start).collect();
    assert_eq!(written, "起付线 １３００ 元");
}

#[test]
fn messages_print_figures_as_understood() {
    for (text, message) in [
        ("起付线５００元，报销８０％，另500元", "found 500元, 80%"),
        ("1.5万元", "found 15000元"),
        ("30万", "found 300000 without a unit"),
        ("2021年8月20日起第3个月", "found 2021-08-20, 3个月"),
        ("10個百分點", "found 10个百分点"),
        ("一级医院100元（第四条）", "found 100元"),
        ("不设起付标准", "found no figure"),
    ] {
        assert_eq!(describe(text), message);
    }
    assert_eq!(figure_text(ratio("7.5"), Percent), "7.5%");
    let date = date_value(2023, 7, 1).unwrap();
    assert!(matches("自2023年7月1日起", date, Date));
    assert_eq!(figure_text(date, Date), "2023-07-01");
}

#[test]
fn odd_input_is_survived() {
    let long = "9".repeat(200);
    for text in [
        long.as_str(),
        "0.99999999999999999999999999999999999999999999999999元",
        "百分之",
        "分之",
        "百分之百分之百",
        "万万亿亿",
        "半",
        "半半半年",
        "1-",
        "-1、、2元",
        "第",
        "(",
        "2023-",
        "2023-13-45",
        "2023年13月1日",
        "点五",
        "五点",
        "¥",
        "×",
        "1,",
        "1,23",
        "1万万万万万万万万万万万万元",
    ] {
        let _ = (find(text), describe(text), locate(text, text));
    }
    assert_eq!(shown(&find(&format!("{long}元"))), Vec::<String>::new());
    assert!(matches("百分之百", ratio("100"), Percent));
}

#[cfg(not(target_arch = "wasm32"))]
mod properties {
    use super::*;
    use proptest::prelude::*;

    /// 12345 as 一万二千三百四十五, from the rules of the numerals and not from the reader.
    fn chinese(number: u32) -> String {
        let digits = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
        let powers = ["", "十", "百", "千", "万"];
        let mut text = String::new();
        let mut owed = false;
        for place in (0..5_u32).rev() {
            let digit = number / 10_u32.pow(place) % 10;
            if digit == 0 {
                owed = !text.is_empty();
                continue;
            }
            if owed {
                text.push('零');
            }
            owed = false;
            text.push_str(digits[digit as usize]);
            text.push_str(powers[place as usize]);
        }
        text
    }

    fn full_width(text: &str) -> String {
        text.chars()
            .map(|ch| match ch {
                '0'..='9' | '%' | '.' => char::from_u32(ch as u32 + 0xfee0).unwrap(),
                other => other,
            })
            .collect()
    }

    /// How one number is written, and in which unit it is then to be found.
    fn written(form: usize, number: u32) -> (String, Ratio, Unit) {
        let plain = Ratio::from_int(i64::from(number));
        let scaled = Ratio::from_int(i64::from(number) * 10_000);
        match form {
            0 => (format!("{number}元"), plain, Yuan),
            1 => (format!("{number}万元"), scaled, Yuan),
            2 => (format!("{number}%"), plain, Percent),
            3 => (format!("{number}个百分点"), plain, Points),
            4 => (format!("{number} 天"), plain, Days),
            5 => (format!("{number}個月"), plain, Months),
            6 => (format!("{}元", chinese(number)), plain, Yuan),
            7 => (format!("百分之{}", chinese(number)), plain, Percent),
            8 => (full_width(&format!("{number}元")), plain, Yuan),
            9 => (format!("第{}次", chinese(number)), plain, Times),
            10 => (format!("{number}倍"), plain, Multiple),
            _ => (format!("{number}家"), plain, Count),
        }
    }

    const LEADS: [&str; 6] = ["", "起付线", "报销比例为", "不超过", "三级医院", "（含）"];
    const TAILS: [&str; 5] = ["", "以上", "，", "。其余自付", "的部分"];

    proptest! {
        #[test]
        fn another_number_never_matches(
            form in 0_usize..12, lead in 0_usize..6, tail in 0_usize..5,
            number in 1_u32..100_000, other in 1_u32..100_000,
        ) {
            let (text, value, unit) = written(form, number);
            let phrase = format!("{}{text}{}", LEADS[lead], TAILS[tail]);
            prop_assert!(matches(&phrase, value, unit), "{phrase}: {}", describe(&phrase));
            let (changed, other_value, _) = written(form, other);
            let mutated = format!("{}{changed}{}", LEADS[lead], TAILS[tail]);
            prop_assert_eq!(matches(&mutated, value, unit), number == other, "{}", mutated);
            prop_assert_eq!(matches(&phrase, other_value, unit), number == other, "{}", phrase);
        }

        #[test]
        fn one_changed_digit_never_matches(
            form in 0_usize..6, lead in 0_usize..6, number in 1_u32..100_000,
            place in 0_usize..5, shift in 1_u32..10,
        ) {
            let (text, value, unit) = written(form, number);
            let mut chars: Vec<char> = text.chars().collect();
            let width = number.to_string().len();
            let place = place % width;
            let old = chars[place].to_digit(10).unwrap();
            chars[place] = char::from_digit((old + shift) % 10, 10).unwrap();
            let mutated = format!("{}{}", LEADS[lead], chars.into_iter().collect::<String>());
            prop_assert!(!matches(&mutated, value, unit), "{}", mutated);
        }

        #[test]
        fn an_inserted_digit_is_never_overlooked(
            form in 0_usize..6, number in 1_u32..100_000, place in 0_usize..6, digit in 1_u32..10,
        ) {
            let (text, value, unit) = written(form, number);
            let mut chars: Vec<char> = text.chars().collect();
            let place = place % (number.to_string().len() + 1);
            chars.insert(place, char::from_digit(digit, 10).unwrap());
            let quote: String = chars.into_iter().collect();
            prop_assert!(!matches(&quote, value, unit), "{}", quote);
            prop_assert!(locate(&quote, &text).is_empty(), "{} in {}", text, quote);
        }

        #[test]
        fn a_phrase_is_found_in_its_sentence(
            form in 0_usize..12, lead in 0_usize..6, tail in 0_usize..5, number in 1_u32..100_000,
        ) {
            let (text, _, _) = written(form, number);
            let quote = format!("{}{text}{}", LEADS[lead], TAILS[tail]);
            prop_assert_eq!(occurrences(&quote, &text), 1, "{} in {}", text, quote);
        }

        #[test]
        fn any_text_is_read(text in "[0-9０-９一二三十百千万亿半两〇第年月日号元个%％成倍分之点至到、，,.~—（）\\- 减增加周岁×¥]{0,24}") {
            let characters = text.chars().count();
            for found in find(&text) {
                prop_assert!(found.start < found.end && found.end <= characters);
                prop_assert!(found.sense.about || found.sense.was || matches(&text, found.value, found.unit));
            }
            prop_assert!(text.trim().is_empty() || occurrences(&text, &text) == 1);
        }
    }
}
