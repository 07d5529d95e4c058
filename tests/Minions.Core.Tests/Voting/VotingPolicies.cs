using System.Reflection;
using Minions.Core.Voting;

namespace Minions.Core.Tests.Voting;

/// <summary>Every policy the library has, whatever it comes to have, and one that votes as badly as it can.</summary>
internal static class VotingPolicies
{
    public static IReadOnlyList<IVotingPolicy> All { get; } =
    [
        .. typeof(IVotingPolicy).Assembly.GetExportedTypes()
            .Where(type => type.IsClass && typeof(IVotingPolicy).IsAssignableFrom(type))
            .OrderBy(type => type.Name, StringComparer.Ordinal)
            .Select(Make),
        new ShortestProposal(),
    ];

    private static IVotingPolicy Make(Type type)
    {
        ConstructorInfo constructor = type.GetConstructors().First(candidate => candidate.GetParameters().All(parameter => parameter.IsOptional));
        return (IVotingPolicy)constructor.Invoke([.. constructor.GetParameters().Select(parameter => parameter.DefaultValue)]);
    }

    private sealed class ShortestProposal : IVotingPolicy
    {
        public int Vote(in Ballot ballot, Span<int> chain)
        {
            int shortest = -1;
            for (int i = 0; i < ballot.Proposals.Length; i++)
            {
                if (ballot.Proposals[i].Count > 0 && (shortest < 0 || ballot.Proposals[i].Count < ballot.Proposals[shortest].Count))
                    shortest = i;
            }

            if (shortest < 0)
                return 0;
            ballot.Proposals[shortest].Tokens.CopyTo(chain);
            return ballot.Proposals[shortest].Count;
        }
    }
}
