using System.Reflection;
using System.Runtime.ExceptionServices;

namespace Tarn.Testing.Contracts;

/// <summary>
/// The tests of a contract suite as data, for implementations that need something that may be missing: a suite that is derived from runs always, one that
/// is called by name can be skipped loudly.
/// </summary>
public static class ContractMethods
{
    /// <summary>The tests of a suite, for <c>MemberData</c>: name, and which row of inline data.</summary>
    public static TheoryData<string, int> Of<TContract>()
    {
        var tests = new TheoryData<string, int>();
        foreach (var method in typeof(TContract).GetMethods().Where(m => m.GetCustomAttribute<FactAttribute>() is not null).OrderBy(m => m.Name, StringComparer.Ordinal))
        {
            for (int row = 0; row < Rows(method).Count; row++)
                tests.Add(method.Name, row);
        }

        return tests;
    }

    /// <summary>Runs one test on a fresh implementation, and disposes it.</summary>
    public static async Task RunAsync<TContract>(TContract contract, string name, int row)
        where TContract : class, IDisposable
    {
        using (contract)
        {
            var method = contract.GetType().GetMethod(name)!;
            try
            {
                await (Task)method.Invoke(contract, Rows(method)[row])!;
            }
            catch (TargetInvocationException error)
            {
                ExceptionDispatchInfo.Throw(error.InnerException!);
            }
        }
    }

    private static IReadOnlyList<object?[]> Rows(MethodInfo method) => method.GetCustomAttribute<TheoryAttribute>() is null
        ? [[]]
        : [.. method.GetCustomAttributes<InlineDataAttribute>().SelectMany(data => data.GetData(method))];
}
