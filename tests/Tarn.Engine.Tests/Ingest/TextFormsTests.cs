using System.Text;
using Tarn.Engine.Ingest;

namespace Tarn.Engine.Tests.Ingest;

public sealed class TextFormsTests
{
    [Theory]
    [InlineData("2026-01-31", "Date")]
    [InlineData("10:20:30", "Time")]
    [InlineData("10:20:30.123456", "Time")]
    [InlineData("2026-01-31 10:20:30", "Timestamp")]
    [InlineData("2026-01-31T10:20:30.1", "Timestamp")]
    [InlineData("2026-01-31T10:20:30Z", "TimestampTz")]
    [InlineData("2026-01-31T10:20:30.123456+05:30", "TimestampTz")]
    [InlineData("2026-01-31 10:20:30-08", "TimestampTz")]
    [InlineData("2026-01-31T10:20:30.1234567Z", "Other")]
    [InlineData("2026-01-31T24:00:00", "Other")]
    [InlineData("24:00:00", "Other")]
    [InlineData("2026-01-31T10:20", "Other")]
    [InlineData("2026-01-31T10:20:30+15:00", "Other")]
    [InlineData("2026-01-31T10:20:30z", "Other")]
    [InlineData("2026-1-31", "Other")]
    [InlineData("-2026-01-31", "Other")]
    [InlineData("infinity", "Other")]
    [InlineData("20260131", "Other")]
    [InlineData("", "Other")]
    public void Of_Text_IsItsForm(string text, string form) => Assert.Equal(form, TextForms.Of(Encoding.UTF8.GetBytes(text)).ToString());

    [Theory]
    [InlineData(1, "date")]
    [InlineData(2, "time")]
    [InlineData(4, "timestamp")]
    [InlineData(8, "timestamptz")]
    [InlineData(5, "string")]
    [InlineData(12, "string")]
    [InlineData(17, "string")]
    [InlineData(0, "string")]
    public void TypeOf_Forms_IsATypeOfOneForm(int forms, string type) => Assert.Equal(type, TextForms.TypeOf((TextForm)forms).Text);
}
