using CsCheck;
using Minions.Extensions.AI.Templates;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Tests.Templates;

/// <summary>The steps that are counted follow the work that is done: none of it is free, and none is counted many times over.</summary>
public sealed class TemplateWorkTests
{
    // s and t are equal texts of so many letters, made one by one.
    private static readonly string[] OverText =
    [
        "s == t", "s != t", "s < t ~ 'b'", "t in s", "'b' in s", "s.find('b')", "s.rfind('b')", "s.count('b')", "s.startswith(t)", "s.endswith(t)",
        "s.isalpha()", "s.isalnum()", "s.isidentifier()", "s.isprintable()", "s.islower()", "s is lower", "s|wordcount",
        "s.strip('a')", "s.lstrip('a')", "s.rstrip('cba')", "(s ~ ' ').strip()", "s|trim('a')",
        "s.upper()", "s|lower", "s.title()", "s|title", "s|capitalize", "s.swapcase()", "s.casefold()",
        "s[1:]", "s[::-1]", "s.removeprefix('a')", "s.removesuffix('a')", "s.partition('b')", "s.rpartition('b')", "s.split('b')", "s.rsplit('b')",
        "s.split()", "s.splitlines()", "s.replace('a', 'c')", "s.replace('b', 'c')", "s.center(4000)", "s.zfill(4000)", "s.expandtabs()",
        "s|indent", "s|truncate(20)", "s|e", "s|tojson", "s|urlencode", "[s]|string", "'%s' % s", "'%a' % s", "'{}'.format(s)", "s.format()", "s % ()",
        "{s: 1}", "{}[s]", "s in {}", "[s, t]|unique|list", "[s, t]|sort", "[s, t]|join", "s ~ t", "s + t", "[s]|map('upper')|list", "s|int", "s|float",
    ];

    // a and b are equal lists, p and q equal tuples, each of which holds the one before twice.
    private static readonly string[] OverNested =
    [
        "a == b", "a != b", "a <= b", "b in [a]", "[a].count(b)", "[a].index(b)", "{1: a} == {1: b}", "a is eq b", "[a, b]|sort", "[a, b]|min",
        "[a]|select('eq', b)|list", "[a]|reject('eq', b)|list", "[[a], [b]]|groupby(0)", "a|string", "a|tojson", "[a]|join", "a ~ ''",
        "p == q", "{p: 1}", "{p: 1}[q]", "{}.get(p)", "p in {}", "[p, q]|unique|list", "dict([(p, 1)])", "[p]|map('string')|list",
    ];

    private static readonly Gen<string[]> Operations = Gen.OneOf(Gen.Int[0, OverText.Length - 1].Select(index => OverText[index]),
        Gen.Int[0, OverNested.Length - 1].Select(index => OverNested[index])).Array[1, 6];

    [Test]
    public void Whatever_is_done_is_counted() => Gen.Select(Operations, Gen.Int[0, 3_000], Gen.Int[0, 10]).Sample((operations, length, depth) =>
    {
        // Steps of 64 characters, and one for each innermost item.
        long least = operations.Sum(operation => IsNested(operation) ? 1L << depth : AtLeast(operation, length) / 64);
        (RenderRun without, RenderRun with) = (Run([], length, depth), Run(operations, length, depth));
        return with.Steps - without.Steps >= least;
    });

    [Test]
    public void What_is_counted_grows_with_what_is_done() => Gen.Select(Operations, Gen.Int[0, 3_000], Gen.Int[0, 10]).Sample((operations, length, depth) =>
    {
        (RenderRun without, RenderRun with) = (Run([], length, depth), Run(operations, length, depth));
        long most = operations.Sum(operation => 8_000 + (IsNested(operation) ? 24L << depth : 2L * length));
        return with.Steps - without.Steps <= most && with.TotalLength - without.TotalLength <= 64 * most;
    });

    [Test]
    public void What_is_allocated_is_counted()
    {
        // What the first use of a thing allocates once for all is none of a rendering's.
        string[] all = [.. OverText, .. OverNested];
        Run(all, length: 10, depth: 2);
        Gen.Select(Operations, Gen.Int[0, 30_000], Gen.Int[0, 12]).Sample((operations, length, depth) =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            RenderRun run = Run(operations, length, depth);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            return allocated <= 200_000 + (1_000 * run.Steps) + (20 * run.TotalLength);
        });
    }

    [Test]
    public void Many_pieces_of_content_are_handled_as_fast_as_one([Values("upper()", "title()", "replace('x', 'yy')", "split('x')|length", "expandtabs()", "format()")] string method)
    {
        string source = $"{{% set s = ('x' ~ messages[0].content) * 20000 %}}{{{{ s.{method} }}}}{{{{ (s|e)|length }}}}{{% for c in s %}}{{{{ c }}}}{{% endfor %}}";
        var run = new RenderRun(new ChatTemplateOptions());
        RenderedPrompt prompt = ChatTemplate.Parse(source).Render(new ChatTemplateInput { Messages = [Rendering.Message("user", "a")] }, specialTokens: null, run);
        Assert.That(prompt.ContentRanges, Has.Count.GreaterThanOrEqualTo(20_000));
        Assert.That(run.Steps, Is.LessThan(40 * 40_000));
    }

    private static bool IsNested(string operation) => Array.IndexOf(OverNested, operation) >= 0;

    // Texts are cut to so few here that no more than that has to be looked at.
    private static long AtLeast(string operation, int length) => operation == "s|truncate(20)" ? 0 : operation == "s|capitalize" ? length : length - 1;

    private static RenderRun Run(string[] operations, int length, int depth)
    {
        string source = $"{{% set s, t = 'a' * {length}, 'a' * {length} %}}{{% set ns = namespace(a=[1], b=[1], p=(1,), q=(1,)) %}}{{% for i in range({depth}) %}}"
            + "{% set ns.a = [ns.a, ns.a] %}{% set ns.b = [ns.b, ns.b] %}{% set ns.p = (ns.p, ns.p) %}{% set ns.q = (ns.q, ns.q) %}{% endfor %}"
            + "{% set a, b, p, q = ns.a, ns.b, ns.p, ns.q %}"
            + string.Concat(operations.Select((operation, index) => $"{{% set x{index} = {operation} %}}"));
        var run = new RenderRun(new ChatTemplateOptions());
        ChatTemplate.Parse(source).Render(new ChatTemplateInput { Messages = [] }, specialTokens: null, run);
        return run;
    }
}
