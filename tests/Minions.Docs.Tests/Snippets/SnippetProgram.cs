using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Minions.Docs.Tests.Pages;

namespace Minions.Docs.Tests.Snippets;

/// <summary>
/// A block of C# as a program of its own, compiled as <c>dotnet new console</c> would: with the implicit usings of the SDK and nullable references.
/// </summary>
/// <remarks>
/// A block that needs more than it shows, such as services to add to, names preludes in a comment above it: files of the folder <c>Preludes</c>,
/// whose usings, statements and types come before its own. <c>above</c> stands for the types of the page's earlier blocks.
/// </remarks>
internal static class SnippetProgram
{
    private const string ImplicitUsings = """
        using System; using System.Collections.Generic; using System.IO; using System.Linq; using System.Net.Http; using System.Threading; using System.Threading.Tasks;
        """;

    private const string Above = "above";

    private static readonly CSharpParseOptions Language = new(LanguageVersion.Latest);

    // Packages name older versions of each other; the SDK leaves these two out as well.
    private static readonly Dictionary<string, ReportDiagnostic> VersionUnifications = new() { ["CS1701"] = ReportDiagnostic.Suppress, ["CS1702"] = ReportDiagnostic.Suppress };

    // What the runtime of the tests was told to load from: the frameworks and everything that the project references.
    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(file => MetadataReference.CreateFromFile(file)),
    ];

    /// <summary>What the compiler has against a block: errors and warnings.</summary>
    public static IReadOnlyList<string> FaultsOf(CodeBlock block) => [.. Compile(block).GetDiagnostics().Where(fault => fault.Severity >= DiagnosticSeverity.Warning).Select(Describe)];

    /// <summary>The assembly of all types that a page shows, loaded.</summary>
    public static Assembly LoadTypes(MarkdownPage page) => Load(new CodeBlock(page.Path, int.MaxValue, "csharp", "", [Above]));

    /// <summary>The assembly of a block, loaded.</summary>
    public static Assembly Load(CodeBlock block)
    {
        using var image = new MemoryStream();
        Microsoft.CodeAnalysis.Emit.EmitResult result = Compile(block).Emit(image);
        Assert.That(result.Success, $"{block}: {string.Join('\n', result.Diagnostics.Select(Describe))}");
        image.Position = 0;
        return new AssemblyLoadContext(block.ToString()).LoadFromStream(image);
    }

    /// <summary>Runs a block and gives back what it wrote on the console. No other test may write there meanwhile.</summary>
    /// <param name="block">A block with statements.</param>
    /// <param name="args">The program's arguments.</param>
    public static async Task<string> RunAsync(CodeBlock block, params string[] args)
    {
        MethodInfo entry = Load(block).EntryPoint!;
        TextWriter standard = Console.Out;
        using var written = new StringWriter();
        Console.SetOut(written);
        try
        {
            // The entry point of a program that awaits is a method that blocks: it gets a thread of its own.
            await Task.Factory.StartNew(() => entry.Invoke(null, entry.GetParameters().Length == 0 ? [] : [args]), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            Console.SetOut(standard);
        }

        return written.ToString();
    }

    private static CSharpCompilation Compile(CodeBlock block)
    {
        CompilationUnitSyntax unit = Join([.. block.Preludes.Select(name => name == Above ? TypesAbove(block) : Prelude(name)), Parse(block.Code)]);
        return CSharpCompilation.Create(
            "Snippet",
            [CSharpSyntaxTree.Create(unit, Language), CSharpSyntaxTree.ParseText("global " + ImplicitUsings.Replace("; ", "; global ", StringComparison.Ordinal), Language)],
            References,
            new CSharpCompilationOptions(
                unit.Members.OfType<GlobalStatementSyntax>().Any() ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
                nullableContextOptions: NullableContextOptions.Enable,
                specificDiagnosticOptions: VersionUnifications));
    }

    private static CompilationUnitSyntax Prelude(string name)
    {
        string file = RepositoryFiles.PathOf("tests", "Minions.Docs.Tests", "Preludes", $"{name}.cs");
        Assert.That(file, Does.Exist, $"There is no prelude '{name}'");
        return Parse(File.ReadAllText(file));
    }

    private static CompilationUnitSyntax TypesAbove(CodeBlock block)
    {
        CompilationUnitSyntax[] units = [.. MarkdownPage.Of(block.Page).Blocks.Where(other => other.Language == block.Language && other.Line < block.Line).Select(other => Parse(other.Code))];
        return Join([.. units.Where(unit => !unit.Members.OfType<GlobalStatementSyntax>().Any())]);
    }

    // Statements before types, as a program wants them.
    private static CompilationUnitSyntax Join(IReadOnlyList<CompilationUnitSyntax> parts) => SyntaxFactory.CompilationUnit(
        default,
        [.. parts.SelectMany(part => part.Usings).DistinctBy(use => use.Name?.ToString())],
        default,
        [.. parts.SelectMany(part => part.Members).OrderBy(member => member is GlobalStatementSyntax ? 0 : 1)]).NormalizeWhitespace();

    private static CompilationUnitSyntax Parse(string code) => (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(code, Language).GetRoot();

    private static string Describe(Diagnostic fault) =>
        $"{fault.Id}: {fault.GetMessage(System.Globalization.CultureInfo.InvariantCulture)} in '{fault.Location.SourceTree?.GetText().Lines[fault.Location.GetLineSpan().StartLinePosition.Line]}'";
}
