using Tarn.Output;

namespace Tarn.Tests.Output;

public sealed class TableLayoutTests
{
    [Theory]
    [InlineData(80, new[] { 10, 20, 30 }, new[] { 8, 8, 8 }, new[] { 10, 20, 30 })]
    [InlineData(50, new[] { 10, 20, 30 }, new[] { 8, 8, 8 }, new[] { 10, 16, 16 })]
    [InlineData(50, new[] { 10, 20, 30 }, new[] { 8, 20, 8 }, new[] { 10, 20, 12 })]
    [InlineData(35, new[] { 10, 20, 30 }, new[] { 8, 19, 8 }, new[] { 10, 20 })]
    [InlineData(35, new[] { 10, 20, 5 }, new[] { 8, 20, 5 }, new[] { 10, 20 })]
    [InlineData(12, new[] { 30, 5 }, new[] { 8, 5 }, new[] { 10 })]
    [InlineData(12, new[] { 30, 5 }, new[] { 30, 5 }, new[] { 10 })]
    [InlineData(1, new[] { 30 }, new[] { 30 }, new[] { 1 })]
    public void Fit_Widths_GiveWhatTheyCanSpare(int available, int[] wanted, int[] least, int[] expected) => Assert.Equal(expected, TableLayout.Fit(wanted, least, available));

    [Fact]
    public void Fit_RandomColumns_FitOrAreOne()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        for (int round = 0; round < 2_000; round++)
        {
            int[] wanted = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => random.Next(0, 60))];
            int[] least = [.. wanted.Select(width => random.Next(0, width + 1))];
            int available = random.Next(1, 200);
            int[] widths = TableLayout.Fit(wanted, least, available);
            string because = $"seed {seed}, round {round}: {string.Join(' ', wanted)} of at least {string.Join(' ', least)} in {available} are {string.Join(' ', widths)}";
            Assert.True(widths.Length == 1 || widths.Sum(width => width + TableLayout.Frame) - 1 <= available, because);
            Assert.True(widths.Length == 1 || widths.Select((width, column) => width >= least[column] && width <= wanted[column]).All(holds => holds), because);
        }
    }
}
