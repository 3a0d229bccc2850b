// Times in words: in the person's zone where it is known, else in UTC, which is then said.
import { expect } from 'chai';
import { clockInWords, isTimeZone, timeInWords } from '../../../src/core/words/times.js';

/** 1 January 2027, 23:30 in UTC: another day and year farther east. */
const at = Date.UTC(2026, 11, 31, 23, 30) / 1000;

describe('a time in words', () => {
  it('is in UTC, and says so, where no zone is known', () => {
    expect(timeInWords(at, 'en', 'dateTime')).to.equal('December 31, 2026 at 23:30 UTC');
    expect(timeInWords(at, 'de', 'dateTime')).to.equal('31. Dezember 2026 um 23:30 UTC');
    expect(clockInWords(at)).to.equal('23:30 UTC');
  });

  it('is in the zone of the person, day and year included, and names it', () => {
    expect(timeInWords(at, 'en', 'dateTime', 'Europe/Zurich')).to.equal('January 1, 2027 at 00:30 (Europe/Zurich)');
    expect(timeInWords(at, 'fr', 'date', 'Asia/Tokyo')).to.equal('1 janvier 2027');
    expect(clockInWords(at, 'America/New_York')).to.equal('18:30');
  });

  it('is short for text messages, whose zone goes without saying where it is the person’s own', () => {
    expect(timeInWords(at, 'it', 'shortDateTime', 'Europe/Rome')).to.equal('01/01/27, 00:30');
    expect(timeInWords(at, 'it', 'shortDateTime')).to.equal('31/12/26, 23:30 UTC');
  });

  it('is in UTC for a zone that nobody knows', () => {
    for (const zone of ['Mars/Olympus', '', '../etc', 'UTC+25']) {
      expect(isTimeZone(zone), zone).to.equal(false);
      expect(timeInWords(at, 'en', 'dateTime', zone)).to.equal('December 31, 2026 at 23:30 UTC');
    }
  });

  it('is a day without a zone, where a day is asked for', () => {
    expect(timeInWords(at, 'en', 'date')).to.equal('December 31, 2026');
    expect(timeInWords(at, 'it', 'shortDate')).to.equal('31/12/26');
    expect(timeInWords(at, 'it', 'shortDate', 'Europe/Rome')).to.equal('01/01/27');
    expect(isTimeZone(undefined)).to.equal(false);
    expect(isTimeZone('Europe/Zurich')).to.equal(true);
  });
});
