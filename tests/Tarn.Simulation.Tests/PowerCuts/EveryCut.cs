using Tarn.Testing;

namespace Tarn.Simulation.Tests.PowerCuts;

/// <summary>Repeats one run with the power cut before its first disk operation, its second …, until a run ends before the cut.</summary>
internal static class EveryCut
{
    /// <summary>Runs them all.</summary>
    /// <param name="survivals">How often each cut is made, with other choices of what survives.</param>
    /// <param name="cutOnce">Runs once, given the operation to cut before and a seed; whether the run ended before the cut.</param>
    /// <returns>Number of runs.</returns>
    public static async Task<int> RunAsync(int survivals, Func<int, int, Task<bool>> cutOnce)
    {
        int cuts = 0;
        for (int at = 1; ; at++)
        {
            bool isDone = true;
            for (int survival = 0; survival < survivals; survival++, cuts++)
                isDone &= await cutOnce(at, Soak.Seed + (at * 1000) + survival);
            if (isDone)
                return cuts;
        }
    }
}
