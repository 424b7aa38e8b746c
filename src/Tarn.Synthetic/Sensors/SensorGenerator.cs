using System.Collections.Frozen;
using Tarn.Synthetic.Chance;
using Tarn.Synthetic.Rows;

namespace Tarn.Synthetic.Sensors;

/// <summary>
/// Readings of many devices, a minute apart. Each device has a level, a drift and a daily cycle of its own; one in forty is silent at any time;
/// some readings are anomalies, which the device itself marks as alerts.
/// </summary>
internal sealed class SensorGenerator(long rows, ulong seed, double dirtyFraction) : RowGenerator(seed, dirtyFraction)
{
    // 2025-01-01T00:00:00Z.
    private const long StartMicros = 1_735_689_600_000_000;
    private const long MinuteMicros = 60_000_000;
    private const int MinutesPerDay = 1440;

    // How long the same devices stay silent.
    private const int GapMinutes = 90;

    private const int AnomaliesPerMille = 2;

    private static readonly Term[] s_sites = Term.Many("Plant Aarhus", "Plant Brno", "Depot Gdańsk", "Depot Lyon", "Office Porto");
    private static readonly MisspeltTerm s_ok = new("ok");
    private static readonly MisspeltTerm s_alert = new("alert");

    private readonly int _reporting = (int)Math.Clamp(rows / 2000, 20, 20_000);
    private readonly DeviceTable _devices = new((int)Math.Clamp(rows / 2000, 20, 20_000), seed);

    public override IReadOnlyList<DatasetColumn> Columns { get; } =
    [
        new("device_id", "VARCHAR", "the device"),
        new("site", "VARCHAR", "where it stands"),
        new("measured_at", "TIMESTAMP WITH TIME ZONE", "when it measured, UTC"),
        new("temperature", "DOUBLE", "degrees Celsius"),
        new("humidity", "DOUBLE", "relative humidity, per cent"),
        new("pressure", "DOUBLE", "air pressure, hectopascal"),
        new("vibration", "DOUBLE", "millimetres a second, effective"),
        new("battery", "INTEGER", "charge, per cent"),
        new("status", "VARCHAR", "ok or alert"),
    ];

    public override IReadOnlyList<string> KeyColumns { get; } = ["device_id", "measured_at"];

    public override IReadOnlyDictionary<DefectKind, string> DefectColumns { get; } = new Dictionary<DefectKind, string>
    {
        [DefectKind.MissingValue] = "temperature",
        [DefectKind.BadDate] = "measured_at",
        [DefectKind.MixedCase] = "status",
        [DefectKind.StrayBlanks] = "status",
        [DefectKind.WrongNumber] = "humidity",
        [DefectKind.UnknownCategory] = "site",
    }.ToFrozenDictionary();

    protected override void WriteRow<TWriter>(scoped ref TWriter writer, long row, DefectKind defect)
    {
        var (minute, place) = Math.DivRem(row, _reporting);
        // The silent devices move on around the circle; the others report in the order of the circle.
        var device = _devices.Reporting(minute / GapMinutes, (int)place);
        var dice = Dice.Of(Seed, Dice.Stream.Row, row);

        writer.Term(0, device.Id);
        writer.Term(1, defect == DefectKind.UnknownCategory ? Misfits.Words[dice.Below(Misfits.Words.Length)] : s_sites[device.Site]);
        if (defect == DefectKind.BadDate)
        {
            writer.Term(2, Misfits.Dates[dice.Below(Misfits.Dates.Length)]);
        }
        else
        {
            writer.Instant(2, StartMicros + minute * MinuteMicros + place * MinuteMicros / _reporting);
        }
        WriteValues(ref writer, ref dice, device, minute, defect);
    }

    private static void WriteValues<TWriter>(scoped ref TWriter writer, ref Dice dice, Device device, long minute, DefectKind defect)
        where TWriter : struct, IRowWriter, allows ref struct
    {
        var anomaly = dice.Chance(AnomaliesPerMille);
        var wave = DailyWave((int)((minute + device.PhaseMinutes) % MinutesPerDay));
        var temperature = device.Level + minute * device.DriftPerDay / MinutesPerDay + device.Swing * wave / 1000 + dice.Bell(40) + (anomaly ? 1800 + dice.Below(1500) : 0);
        if (defect == DefectKind.MissingValue)
        {
            writer.Null(3);
        }
        else
        {
            writer.Fixed(3, temperature, 2);
        }
        if (defect == DefectKind.WrongNumber)
        {
            writer.Term(4, Misfits.Numbers[dice.Below(Misfits.Numbers.Length)]);
        }
        else
        {
            writer.Fixed(4, Math.Clamp(5500 - device.Swing * wave / 800 + dice.Bell(300), 500, 10_000), 2);
        }
        writer.Fixed(5, 10_132 + DailyWave((int)(minute / 4 % MinutesPerDay)) / 10 + dice.Bell(15), 1);
        writer.Fixed(6, device.Vibration + dice.Bell(device.Vibration / 3) + (anomaly ? device.Vibration * 4 : 0), 3);
        writer.Integer(7, 100 - (minute + device.PhaseMinutes * 60L) / 600 % 91); // changed at nine per cent
        writer.Term(8, (anomaly ? s_alert : s_ok).For(defect, dice.Next()));
    }

    /// <summary>
    /// A wave through a day, from -1000 to 1000, lowest early in the morning: Bhaskara's approximation of the sine, in integers.
    /// </summary>
    private static long DailyWave(int minute)
    {
        // Shifted, so that the day's maximum lies at three in the afternoon.
        var x = (minute + MinutesPerDay - 540) % MinutesPerDay;
        var half = x % 720;
        long product = half * (720 - half);
        var value = 16 * product * 1000 / (5 * 720 * 720 - 4 * product);
        return x < 720 ? value : -value;
    }
}
