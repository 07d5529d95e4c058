namespace Minions.Core.Tests.Architecture;

/// <summary>
/// Namespaces have an order: one that uses another is not used by it, directly or through others. Pairs that break this today are listed below;
/// whoever unties one strikes it from the list.
/// </summary>
public sealed class NamespaceCirclesTests
{
    private const string Library = "Minions.Core";

    /// <summary>Pairs of namespaces that name types of each other, in alphabetical order, without the library's own name; its root is "".</summary>
    private static readonly (string One, string Other)[] Allowed =
    [
        ("", "Drafting"),
        ("", "Pipeline"),
        ("", "Speculation"),
        ("", "Verification"),
        ("", "Voting"),
        ("Pipeline", "Pipeline.PreDrafting"),
        ("Speculation", "Speculation.Goodput"),
        ("Tokenization", "Tokenization.Decoding"),
    ];

    private static readonly SourceReferences References = SourceReferences.Read(RepositoryFiles.Library, typeof(SpeculativePipeline).Assembly);

    private static readonly HashSet<(string One, string Other)> Pairs = FindPairs();

    [Test]
    public void No_two_namespaces_use_each_other_but_for_those_listed()
    {
        string[] faults = [.. Pairs.Except(Listed()).Select(pair => $"{Describe(pair.One, pair.Other)}\n{Describe(pair.Other, pair.One)}")];
        Assert.That(faults, Is.Empty, string.Join("\n\n", faults));
    }

    [Test]
    public void The_list_names_no_pair_that_has_been_untied()
    {
        string[] stale = [.. Listed().Except(Pairs).Select(pair => $"{pair.One} and {pair.Other} do not use each other: strike the pair from the list.")];
        Assert.That(stale, Is.Empty, string.Join("\n", stale));
    }

    [Test]
    public void No_circle_leads_through_several_namespaces()
    {
        // Without the pairs, what has neither a beginning nor an end is part of a circle or lies between two.
        var edges = Edges().Where(edge => !Pairs.Contains(Ordered(edge.From, edge.To))).ToHashSet();
        while (edges.RemoveWhere(edge => edges.All(next => next.From != edge.To) || edges.All(before => before.To != edge.From)) > 0)
        {
        }

        Assert.That(edges, Is.Empty, string.Join('\n', edges.Select(edge => Describe(edge.From, edge.To))));
    }

    [Test]
    public void The_source_is_read_as_the_compiler_does() => Assert.Multiple(() =>
    {
        Assert.That(References.Of($"{Library}.OnnxRuntime", $"{Library}.OnnxRuntime.Packing"), Does.Contain("OnnxDraftModel names PackedDecoder"));
        Assert.That(References.Of($"{Library}.OnnxRuntime", Library), Does.Contain("OnnxDraftModel names IDraftModel"), "of a namespace around it, without a directive");
        Assert.That(References.Of($"{Library}.OnnxRuntime", $"{Library}.Verification"), Does.Contain("ExactnessProbe names Exactness"), "of a namespace in a namespace");
        Assert.That(References.Of("Microsoft", "Minions"), Does.Contain("MinionsServiceCollectionExtensions names MinionsBuilder"), "of a namespace beside it");
    });

    // Exceptions stand at the door for users to catch: throwing one is no use of the rooms behind it.
    private static IEnumerable<(string From, string To)> Edges() =>
        References.Edges.Where(edge => References.Of(edge.From, edge.To).Any(name => !name.EndsWith("Exception", StringComparison.Ordinal)));

    private static IEnumerable<(string One, string Other)> Listed() => Allowed.Select(pair => Ordered(Full(pair.One), Full(pair.Other)));

    private static HashSet<(string One, string Other)> FindPairs()
    {
        var edges = Edges().ToHashSet();
        return [.. edges.Where(edge => edges.Contains((edge.To, edge.From))).Select(edge => Ordered(edge.From, edge.To))];
    }

    private static (string One, string Other) Ordered(string one, string other) => string.CompareOrdinal(one, other) < 0 ? (one, other) : (other, one);

    private static string Full(string name) => name.Length == 0 ? Library : $"{Library}.{name}";

    private static string Describe(string from, string to) => $"{from} uses {to}: {string.Join(", ", References.Of(from, to))}.";
}
