namespace Minions.Core.Voting;

/// <summary>How the drafts' weights in the vote are learnt.</summary>
public enum DraftWeighting
{
    /// <summary>
    /// Every draft that proposed is scored on the verified text in every round, whether its chain was checked or not, and old rounds fade
    /// (after HedgeSpec, arXiv 2510.20064). A request starts from what earlier requests taught.
    /// </summary>
    FullInformation,

    /// <summary>
    /// The rule of Minions (arXiv 2402.15678, section 4.1): only drafts whose chain was checked learn, by a reward or a penalty, and every
    /// request starts from equal weights. For comparison.
    /// </summary>
    RewardPenalty,
}
