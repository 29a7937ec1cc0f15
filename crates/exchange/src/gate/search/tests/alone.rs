//! A surname that stands alone, however short, and however the name is written with it.

use super::{against, assert_open, assert_shut};
use crate::gate::Strength;

/// Wu, Öz and Ha alone left.
#[test]
fn a_surname_of_two_letters_is_found_where_it_is_written_as_a_name() {
    for (name, text) in [
        ("Mei Wu", "We heard Wu say it."),
        ("Mei Wu", "“Wu” was seen"),
        ("Mei Wu", "by WU, a clerk"),
        ("Kemal Öz", "said Öz to them"),
        ("Kemal Öz", "said Oz to them"),
        ("Kari Ås", "Ås was there"),
        ("Minh Ha", "Ha left"),
        ("Duc Le", "it was Le who came"),
        ("Mei Wu", "They knew of Wus plan."),
        ("Mei Wu", "Das ist Wus Auto."),
        ("Минь Ли", "задержали Ли вчера"),
        ("משה כץ", "אתמול כץ נראה"),
    ] {
        assert_shut(name, &[text]);
        assert_eq!(against(name, text)[0].strength, Strength::Possible, "{text}");
    }
    for (name, text) in [
        ("Mei Wu", "wurst, swung, wu"),
        ("Minh Ha", "he had what he has; ha, a harbour"),
        ("Minh Ha", "Has it come? HAS it?"),
        ("Duc Le", "Les gares. Wuste, wus"),
        ("An Nguyet", "An attack is planned. An officer said so. AN ATTACK"),
        ("Kari Ås", "As planned, as said."),
        ("Ed In", "In the city. It is in the house."),
        ("Минь Ли", "взорвут ли они вокзал"),
        ("משה בן־דוד", "הוא בן שלושים"),
    ] {
        assert_open(name, &[text]);
    }
}

/// Only the whole of a name that is written as one word was looked for.
#[test]
fn the_surname_of_a_name_without_a_space_is_found_alone() {
    assert_shut("佐藤太郎", &["昨日佐藤が来た", "太郎が駅で"]);
    assert_shut("佐々木誠", &["佐々木容疑者は"]);
    assert_shut("長谷川一郎", &["長谷川は"]);
    assert_shut("林太郎", &["林容疑者は駅で", "林さんが"]);
    assert_shut("남궁민수", &["어제 남궁이 왔다", "남궁 씨가", "민수가 왔다"]);
    assert_shut("김철수", &["용의자 김씨는", "김모씨가", "김 씨가 말했다", "김모 씨", "철수가"]);
    assert_shut("이영수", &["이 영수가 왔다"]);
    assert_shut("王小明", &["嫌疑人王某已被捕", "王先生说", "一名王姓男子", "小明来了"]);
    assert_shut("欧阳锋", &["歐陽已到"]);
    assert_shut("陳方安生", &["陈方到了"]);
    assert_open("王小明", &["国王和大王来到城市", "明天小雨"]);
    assert_open("김철수", &["철도역에서 김포 공항, 김치가 있다"]);
    assert_open("佐藤太郎", &["砂糖と藤の花"]);
    assert_open("남궁민수", &["궁은 민간인의 수가"]);
    assert_eq!(against("佐藤太郎", "佐藤が")[0].strength, Strength::Possible);
    assert_eq!(against("佐藤太郎", "佐藤太郎が")[0].strength, Strength::Certain);
}

/// After ل the article is written without its first letter, and a name may be told without it.
#[test]
fn an_arabic_name_is_found_with_prefixes_and_without_its_article() {
    let prefixed = ["قال للقحطاني اليوم", "جاء والقحطاني", "بالقحطاني", "وللقحطاني"];
    assert_shut("سعد القحطاني", &prefixed);
    assert_shut("القحطاني", &["قحطاني في المدينة"]);
    assert_shut("خالد السعيد", &["رأينا سعيد هنا", "قيل للسعيد"]);
    assert_shut("Alqahtani", &["Mr Qahtani came"]);
    assert_open("القحطاني", &["في المدينة للناس قحط اليوم"]);
    assert_open("عبد الله", &["قال له إن عليه ذلك"]);
    assert_open("Elstone", &["a stone was thrown"]);
}
