using Minions.Benchmarks.EndToEnd.Measuring;

namespace Minions.Benchmarks.EndToEnd.Arms;

/// <summary>What answers prompts for an arm, over models that the bench has loaded.</summary>
internal interface IArmEngine : IAsyncDisposable
{
    Arm Arm { get; }

    /// <summary>How many requests it runs at once.</summary>
    int InFlight { get; }

    /// <summary>Has the rounds of requests that begin from now on counted, where runs cost what the bench measures of the target.</summary>
    void CountRoundsIn(RoundLog log);

    /// <summary>Answers a prompt.</summary>
    Task<Answer> AnswerAsync(IReadOnlyList<int> prompt, CancellationToken cancellationToken);
}
