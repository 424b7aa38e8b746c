using Tarn.Engine.Sessions;
using Tarn.Terminal;

namespace Tarn.Demo;

/// <summary>Runs the steps of the demo one after another and says of each what came of it and how long it took.</summary>
internal sealed class DemoSteps(Streams streams)
{
    private const int NameWidth = 26;

    /// <summary>How long each step took, in order.</summary>
    public List<(string Name, TimeSpan Time)> Timings { get; } = [];

    /// <summary>Runs one step.</summary>
    /// <param name="name">What it makes.</param>
    /// <param name="step">Does it; answers what came of it.</param>
    public async Task RunAsync(string name, Func<IProgress<StatementProgress>, Task<string>> step)
    {
        long start = TimeProvider.System.GetTimestamp();
        string outcome;
        using (var progress = new ProgressDisplay(streams, TimeProvider.System))
            outcome = await step(progress);
        var time = TimeProvider.System.GetElapsedTime(start);
        Timings.Add((name, time));
        streams.Error.WriteLine($"  {streams.ErrorStyle.Green("✓")} {name.PadRight(NameWidth)} {Quantity.Duration(time),8}  {streams.ErrorStyle.Dim(outcome)}");
    }

    /// <summary>A headline between steps.</summary>
    public void Say(string text) => streams.Error.WriteLine(streams.ErrorStyle.Bold(text));
}
