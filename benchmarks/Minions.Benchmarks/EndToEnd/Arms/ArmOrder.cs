namespace Minions.Benchmarks.EndToEnd.Arms;

/// <summary>In which order arms take their turns, so that none always comes first or right behind the same other.</summary>
internal static class ArmOrder
{
    /// <summary>The order of a turn: every arm comes first once in as many turns as there are arms, and the next as many turns run backwards.</summary>
    public static IEnumerable<int> Of(int arms, int turn)
    {
        bool backwards = turn / arms % 2 == 1;
        for (int i = 0; i < arms; i++)
        {
            int position = (turn + i) % arms;
            yield return backwards ? arms - 1 - position : position;
        }
    }
}
