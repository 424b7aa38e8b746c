using Tarn.Synthetic.Chance;
using Tarn.Synthetic.Rows;

namespace Tarn.Synthetic.Sensors;

/// <summary>What is particular to one device. Temperatures are in hundredths of a degree, vibration in thousandths of a millimetre a second.</summary>
internal sealed record Device(Term Id, int Site, int Level, int Swing, int DriftPerDay, int PhaseMinutes, int Vibration);

/// <summary>All devices in a circle, of which some neighbours are silent at any time.</summary>
internal sealed class DeviceTable
{
    private readonly Device[] _circle;
    private readonly int _silent;

    /// <param name="reporting">How many devices report at any time; one in forty more exist.</param>
    /// <param name="seed">The seed of their properties.</param>
    public DeviceTable(int reporting, ulong seed)
    {
        _silent = Math.Max(1, reporting / 40);
        _circle = [.. Enumerable.Range(0, reporting + _silent).Select(i => Make(seed, i))];
        var dice = Dice.Of(seed, Dice.Stream.Pattern, 2);
        Shuffle.InPlace(_circle, ref dice);
    }

    /// <summary>The device that reports at a place, when the silent ones have moved on so many times.</summary>
    public Device Reporting(long turn, int place)
        => _circle[(turn * _silent + _silent + place) % _circle.Length];

    private static Device Make(ulong seed, int number)
    {
        var dice = Dice.Of(seed, Dice.Stream.Device, number);
        return new Device(
            $"dev-{number:D5}",
            dice.Below(5),
            1850 + dice.Bell(600),
            150 + dice.Below(500),
            dice.Below(10) == 0 ? 2 + dice.Below(6) : dice.Bell(2), // one in ten drifts visibly
            dice.Bell(90) + 90,
            800 + dice.Below(2400));
    }
}
