import { resolve } from 'node:path';
import { API, type Checker, SymbolFlags, type Type, type UnionType } from 'typescript/unstable/sync';

const PROJECT = resolve(import.meta.dirname, '../tsconfig.json');

/** What a type is made of, in a module whose exported types are written out. */
interface Writer {
  checker: Checker;
  /** The exported unions, by name: what has all members of one is written as its name. */
  unions: ReadonlyMap<string, readonly Type[]>;
}

/**
 * Declarations of those types of a module that `isUsed` says: what the compiler infers for each, written out with the
 * comments of its fields.
 */
export function resolveTypes(module: string, isUsed: (name: string) => boolean): string {
  const api = new API();
  try {
    const [project] = api.updateSnapshot({ openProjects: [PROJECT] }).getProjects();
    const { checker, program } = project!;
    const file = program.getSourceFile(module);
    if (!file) throw new Error(`${module} is not part of the client`);
    const types = checker
      .getExportsOfModule(checker.getSymbolAtLocation(file)!)
      .filter(({ name, flags }) => flags & SymbolFlags.TypeAlias && isUsed(name))
      .map(symbol => ({ symbol, type: checker.getDeclaredTypeOfSymbol(symbol) }));
    const unions = new Map(
      types.filter(({ type }) => type.isUnionType()).map(({ symbol, type }) => [symbol.name, membersOf(type)]),
    );
    return types
      .map(({ symbol, type }) => {
        const others = new Map([...unions].filter(([name]) => name !== symbol.name));
        const comment = commentOf(symbol.getDocumentationComment(checker), '');
        return `${comment}export type ${symbol.name} = ${write(type, { checker, unions: others }, '')};\n`;
      })
      .join('');
  } finally {
    api.close();
  }
}

function write(type: Type, writer: Writer, indent: string): string {
  const { checker } = writer;
  if (type.isUnionType()) return writeUnion(type, writer, indent);
  if (checker.isArrayType(type)) {
    const [item] = checker.getTypeArguments(type as Parameters<Checker['getTypeArguments']>[0]);
    const text = write(item!, writer, indent);
    return text.includes('|') ? `(${text})[]` : `${text}[]`;
  }
  const fields = type.isObjectType() ? checker.getPropertiesOfType(type) : [];
  if (fields.length === 0) return checker.typeToString(type);
  const inner = `${indent}    `;
  const lines = fields.map(field => {
    const isOptional = field.flags & SymbolFlags.Optional;
    const comment = commentOf(field.getDocumentationComment(checker), inner);
    return `${comment}${inner}${field.name}${isOptional ? '?' : ''}: ${write(checker.getTypeOfSymbol(field)!, writer, inner)};\n`;
  });
  return `{\n${lines.join('')}${indent}}`;
}

function writeUnion(union: UnionType, writer: Writer, indent: string): string {
  let members = membersOf(union);
  const names: string[] = [];
  for (const [name, parts] of writer.unions) {
    if (parts.length >= members.length || !parts.every(part => members.includes(part))) continue;
    names.push(name);
    members = members.filter(member => !parts.includes(member));
  }
  if (members.filter(member => member.isBooleanLiteralType()).length === 2) {
    names.push('boolean');
    members = members.filter(member => !member.isBooleanLiteralType());
  }
  const words = [...names, ...members.map(member => write(member, writer, indent))];
  const isAbsent = (word: string) => word === 'null' || word === 'undefined';
  return [...words.filter(word => !isAbsent(word)), ...words.filter(isAbsent)].join(' | ');
}

function membersOf(type: Type): readonly Type[] {
  return type.isUnionType() ? type.getTypes() : [type];
}

function commentOf(text: string, indent: string): string {
  if (text === '') return '';
  const lines = text.split('\n');
  if (lines.length === 1) return `${indent}/** ${text} */\n`;
  return `${indent}/**\n${lines.map(line => `${indent} * ${line}\n`).join('')}${indent} */\n`;
}
