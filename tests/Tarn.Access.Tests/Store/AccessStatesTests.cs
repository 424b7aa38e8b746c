using Tarn.Access.Administration;

namespace Tarn.Access.Tests.Store;

public sealed class AccessStatesTests
{
    // Each change is refused when any other was made since it read: with every one more in a process, one more race is lost in a row.
    private const int Changes = 200;

    [Fact]
    public async Task ChangeAsync_ByManyAtOnceInTwoProcesses_MakesAll()
    {
        await using var house = await AccessHouse.StartAsync();
        await using var other = house.Open();

        await Task.WhenAll(Enumerable.Range(0, Changes).Select(number => Task.Run(async () =>
            await (number % 2 == 0 ? house.Administration : other.Administration).CreateUserAsync(new NewUser($"u{number}")))));

        var users = (await house.Administration.ListUsersAsync()).Select(u => u.User.Name).ToHashSet(StringComparer.Ordinal);
        Assert.All(Enumerable.Range(0, Changes), number => Assert.Contains($"u{number}", users));
    }
}
