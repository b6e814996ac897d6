/** `str.isalpha()` and its kin: what kind the characters of a text are of. */
import { isTitle, isLower, isUpper } from './letter-case.ts';
import { isSpace } from './space.ts';
import { isPrintable } from './text.ts';

const every = (text: string, pattern: RegExp) => text !== '' && [...text].every((character) => pattern.test(character));

const ALPHA = /^\p{L}$/u;
const DECIMAL = /^\p{Nd}$/u;
/** Digits in circles, exponents and the like. */
const DIGIT = /^[\p{Nd}²³¹፩-፱᧚⁰⁴-⁹₀-₉①-⑨⑴-⑼⒈-⒐⓪⓵-⓽⓿❶-❾➀-➈➊-➒𐩀-𐩃𐹠-𐹨𑁒-𑁚🄀-🄊]$/u;
/** Han numerals are letters too. */
const NUMERIC =
  /^[\p{N}㐅㒃㠪㭍一七万三九二五世亿什仟仨伍佰億兆兩八六十千卄卅卌叁参參叄四壱壹幺廾廿弌弍弎弐拾捌柒漆玖百肆萬貮貳贰阡陆陌陸零\uf96b\uf973\uf978\uf9b2\uf9d1\uf9d3\uf9fd\u{20001}\u{20064}\u{200e2}\u{20121}\u{2092a}\u{20983}\u{2098c}\u{2099c}\u{20aea}\u{20afd}\u{20b19}\u{22390}\u{22998}\u{23b1b}\u{2626d}\u{2f890}]$/u;

export const KINDS: Readonly<Record<string, (text: string) => boolean>> = {
  isalpha: (text) => every(text, ALPHA),
  isdecimal: (text) => every(text, DECIMAL),
  isdigit: (text) => every(text, DIGIT),
  isnumeric: (text) => every(text, NUMERIC),
  isalnum: (text) => text !== '' && [...text].every((character) => ALPHA.test(character) || NUMERIC.test(character)),
  isspace: (text) => text !== '' && [...text].every(isSpace),
  isascii: (text) => /^[\x00-\x7f]*$/.test(text),
  isprintable: (text) => [...text].every(isPrintable),
  isidentifier: (text) => /^[\p{ID_Start}_]\p{ID_Continue}*$/u.test(text),
  islower: isLower,
  isupper: isUpper,
  istitle: isTitle,
};
