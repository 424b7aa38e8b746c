using Tarn.Access.Policies;
using Tarn.Testing;

namespace Tarn.Access.Tests.Policies;

public sealed class WildcardPatternTests
{
    [Theory]
    [InlineData("*", "", true)]
    [InlineData("*", "anything/at all", true)]
    [InlineData("a*c", "abbbc", true)]
    [InlineData("a*c", "abbbd", false)]
    [InlineData("a*bc", "abc", true)]
    [InlineData("ab*bc", "abc", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("*?", "", false)]
    [InlineData("**", "x", true)]
    [InlineData("", "", true)]
    [InlineData("", "x", false)]
    [InlineData("logs/*/2026?.csv", "logs/a/b/20261.csv", true)]
    public void IsMatch_OfAText_FollowsTheWildcards(string pattern, string text, bool expected)
        => Assert.Equal(expected, WildcardPattern.Parse(pattern).IsMatch(text));

    [Fact]
    public void IsMatch_IgnoringCase_FitsBothCases()
    {
        Assert.True(WildcardPattern.Parse("s3:get*?t", ignoreCase: true).IsMatch("S3:GETobjecT"));
        Assert.False(WildcardPattern.Parse("s3:Get*").IsMatch("s3:getObject"));
    }

    [Fact]
    public void IsMatch_RandomPatterns_EqualsTheNaiveMatcher()
    {
        var random = new Random(Soak.Seed);
        for (int i = 0; i < Soak.Rounds(20_000, 2_000_000); i++)
        {
            string pattern = Draw(random, "ab*?", 8), text = Draw(random, "ab", 12);
            Assert.True(
                IsMatchNaive(pattern, text) == WildcardPattern.Parse(pattern).IsMatch(text),
                $"'{pattern}' and '{text}', round {i}, TARN_SEED={Soak.Seed}");
        }
    }

    // A matcher that goes back to every star would still be busy with this when the universe ends.
    [Fact]
    public void IsMatch_ManyStars_ComesToAnEnd()
    {
        string pattern = string.Concat(Enumerable.Repeat("a*", 200)) + "b";
        Assert.False(WildcardPattern.Parse(pattern).IsMatch(new string('a', 1024)));
    }

    private static string Draw(Random random, string letters, int most)
        => new([.. Enumerable.Range(0, random.Next(most + 1)).Select(_ => letters[random.Next(letters.Length)])]);

    private static bool IsMatchNaive(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        if (pattern.IsEmpty)
            return text.IsEmpty;
        if (pattern[0] == '*')
            return IsMatchNaive(pattern[1..], text) || (!text.IsEmpty && IsMatchNaive(pattern, text[1..]));
        return !text.IsEmpty && (pattern[0] == '?' || pattern[0] == text[0]) && IsMatchNaive(pattern[1..], text[1..]);
    }
}
