using Tarn.Synthetic.Chance;

namespace Tarn.Synthetic.Activity;

/// <summary>Which event belongs to which session: many sessions run at the same time, in a random pattern that repeats.</summary>
internal sealed class SessionPattern
{
    /// <summary>Events in one turn of the pattern: some minutes of traffic.</summary>
    public const int Events = 1024;

    // How many of each turn's sessions have how many events: most leave after one page, few stay long.
    private static readonly (int Sessions, int Length)[] s_lengths = [(70, 1), (34, 2), (24, 3), (18, 5), (14, 8), (12, 13), (7, 20), (4, 30), (2, 49), (1, 0)];

    private readonly short[] _session = new short[Events];
    private readonly byte[] _step = new byte[Events];
    private readonly byte[] _lengths;

    public SessionPattern(ulong seed)
    {
        var lengths = s_lengths.SelectMany(l => Enumerable.Repeat(l.Length, l.Sessions)).ToArray();
        lengths[^1] = Events - lengths.Sum(); // the last one takes what is left
        _lengths = [.. lengths.Select(l => checked((byte)l))];

        // Places are drawn for the events; a session takes a stretch of draws and so stays together in time.
        var dice = Dice.Of(seed, Dice.Stream.Pattern, 1);
        var places = new List<(int At, short Session)>();
        for (var session = 0; session < lengths.Length; session++)
        {
            var width = Math.Min(Events, 24 * lengths[session]);
            var begin = dice.Below(Events - width + 1);
            places.AddRange(Enumerable.Range(0, lengths[session]).Select(_ => (begin * 64 + dice.Below(width * 64), (short)session)));
        }
        places.Sort();
        var steps = new byte[lengths.Length];
        for (var i = 0; i < Events; i++)
        {
            _session[i] = places[i].Session;
            _step[i] = steps[places[i].Session]++;
        }
    }

    private int Sessions => _lengths.Length;

    /// <summary>The session (from 0), the step in it (from 0), and how many steps it has.</summary>
    public (long Session, int Step, int Length) this[long row]
    {
        get
        {
            var (turn, place) = Math.DivRem(row, Events);
            var session = _session[place];
            return (turn * Sessions + session, _step[place], _lengths[session]);
        }
    }
}
