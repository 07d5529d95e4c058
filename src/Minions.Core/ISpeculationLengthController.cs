using Minions.Core.Speculation;

namespace Minions.Core;

/// <summary>
/// Decides how many ids the drafts propose per round, "speculation length" (Minions, arXiv 2402.15678, section 4.2).
/// </summary>
/// <remarks>
/// The controller is shared by all requests and safe to call from several threads, so it may learn across them; what
/// <see cref="OpenRequest"/> returns belongs to one request and is used by one thread at a time. Neither may read a clock: times come
/// with the observations, so that a controller can be replayed and simulated. A length changes speed, never text. What a controller throws
/// fails the request it was asked for, and no other.
/// </remarks>
public interface ISpeculationLengthController
{
    /// <summary>Opens the controller's state for one request.</summary>
    /// <param name="limits">The range that lengths are clipped to.</param>
    /// <returns>The state that plans this request's rounds.</returns>
    ISpeculationLengthPlanner OpenRequest(SpeculationLimits limits);
}

/// <summary>Plans the rounds of one request. Not thread-safe: the pipeline calls it from one thread at a time.</summary>
public interface ISpeculationLengthPlanner
{
    /// <summary>Answers how far to speculate in the next round, and with which drafts.</summary>
    /// <param name="outlook">What is known before the round.</param>
    /// <returns>
    /// The plan; a length of 0 means plain decoding, in which no draft runs. A length outside of the limits is clipped to them, and to what the
    /// request has left; a minimum confidence outside of [0, 1), or a draft that the pipeline does not have, fails the request with an
    /// <see cref="InvalidOperationException"/>.
    /// </returns>
    SpeculationPlan Plan(in RoundOutlook outlook);

    /// <summary>
    /// Answers how much of the chosen chain the target should check, now that the proposals themselves can be looked at: drafting is paid,
    /// but rows of the target run are not yet. Called once between <see cref="Plan"/> and <see cref="Observe"/> in rounds whose chain is not
    /// empty; by default the whole chain is checked.
    /// </summary>
    /// <param name="chain">What the proposals say about the chain.</param>
    /// <returns>
    /// The number of ids to check, 0 to the length of the chain; anything else fails the request with an
    /// <see cref="InvalidOperationException"/>.
    /// </returns>
    int Shorten(in ChainOutlook chain) => chain.Length;

    /// <summary>
    /// Predicts how likely each id of the chosen chain is accepted, the ids before it included, so that requests in one target run can share its rows
    /// by what they are worth. Called once in rounds whose chain is not empty, after <see cref="Shorten"/>.
    /// </summary>
    /// <param name="chain">What the proposals say about the chain, as far as it is left.</param>
    /// <param name="survival">Receives one probability an id of the chain, in [0, 1], none greater than the one before.</param>
    /// <returns>
    /// <see langword="false"/>, the default, when it does not predict: then what <see cref="Shorten"/> left is checked whole.
    /// </returns>
    bool TryPredict(in ChainOutlook chain, Span<double> survival) => false;

    /// <summary>What a target run is worth to this request in ids: its time at the rate at which the request gets ids anyway.</summary>
    /// <remarks>Asked when rows are shared out, of requests whose chain was predicted, for several numbers of rows. Safe to call from the verify stage.</remarks>
    /// <param name="rows">The rows of the run, of all requests together.</param>
    /// <param name="requests">The requests in the run.</param>
    /// <returns>The price; 0, the default, where rows cost nothing.</returns>
    double PriceOfRun(int rows, int requests) => 0;

    /// <summary>Learns from a round that was verified. A request that is cancelled or fails ends without it.</summary>
    /// <param name="round">What was planned, proposed and accepted, and what it cost. Reused: nothing of it may be kept.</param>
    void Observe(SpeculationRound round);

    /// <summary>Passes on what the request taught to those to come. Called once, when it has ended well.</summary>
    void Complete()
    {
    }
}
