namespace Tarn.Tests;

/// <summary>A small lake that <c>tarn demo</c> made, shared by the tests that only read it.</summary>
public sealed class DemoLake : IAsyncLifetime
{
    internal const int Rows = 3_000;

    internal TarnProcess Tarn { get; } = new();

    internal ProcessResult Demo { get; private set; } = new(-1, "", "");

    public async Task InitializeAsync() => Demo = await Tarn.RunAsync("demo", "--rows", $"{Rows}");

    public Task DisposeAsync()
    {
        Tarn.Dispose();
        return Task.CompletedTask;
    }
}
