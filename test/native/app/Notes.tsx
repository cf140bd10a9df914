import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { FlatList, Pressable, Text, TextInput, View } from 'react-native'
import { useLogout, useSession, useUser } from 'signoff'

export const Notes = () => {
  const user = useUser()
  const { api } = useSession()
  const logout = useLogout()
  const [draft, setDraft] = useState('')
  const notes = useQuery({
    queryKey: ['notes'],
    queryFn: ({ signal }) => api.get('notes', { signal }).json<string[]>(),
  })
  return (
    <View>
      <Text>Notes of {user?.email}</Text>
      <FlatList data={notes.data} renderItem={({ item }) => <Text>{item}</Text>} />
      <TextInput accessibilityLabel="Draft" value={draft} onChangeText={setDraft} />
      <Pressable accessibilityRole="button" onPress={() => logout.mutate()} disabled={logout.isPending}>
        <Text>Log out</Text>
      </Pressable>
    </View>
  )
}
