using Tarn.Synthetic.Chance;

namespace Tarn.Synthetic.Sales;

/// <summary>Which row is which line of which order: orders of one to six lines, in a random pattern that repeats.</summary>
internal sealed class OrderPattern
{
    private const int Orders = 64;

    // Of 64 orders, how many have one, two, … lines.
    private static readonly int[] s_sizes = [26, 17, 10, 6, 3, 2];

    private readonly byte[] _orderOf;
    private readonly byte[] _lineOf;
    private readonly int[] _firstOf = new int[Orders];

    public OrderPattern(ulong seed)
    {
        var sizes = s_sizes.SelectMany((count, i) => Enumerable.Repeat(i + 1, count)).ToArray();
        var dice = Dice.Of(seed, Dice.Stream.Pattern, 0);
        Shuffle.InPlace(sizes, ref dice);
        _orderOf = [.. sizes.SelectMany((size, order) => Enumerable.Repeat((byte)order, size))];
        _lineOf = [.. sizes.SelectMany(size => Enumerable.Range(1, size).Select(l => (byte)l))];
        for (var order = 1; order < Orders; order++)
        {
            _firstOf[order] = _firstOf[order - 1] + sizes[order - 1];
        }
    }

    /// <summary>The order (from 0), the line in it (from 1), and the row in which the order begins.</summary>
    public (long Order, int Line, long FirstRow) this[long row]
    {
        get
        {
            var (turn, place) = Math.DivRem(row, _orderOf.Length);
            var order = _orderOf[place];
            return (turn * Orders + order, _lineOf[place], turn * _orderOf.Length + _firstOf[order]);
        }
    }
}
